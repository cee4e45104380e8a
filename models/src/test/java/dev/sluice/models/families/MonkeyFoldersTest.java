package dev.sluice.models.families;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.models.GoldenFolders;
import dev.sluice.models.LoadOptions;
import dev.sluice.models.Models;
import dev.sluice.models.families.parts.ComposedModel;
import dev.sluice.models.image.PictureEncoder;
import dev.sluice.models.memory.MemoryLedger;
import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.TracePrompt;
import dev.sluice.models.value.TraceTensor;
import dev.sluice.models.value.VisualTokens;
import dev.sluice.models.weights.SafetensorsWriter;
import dev.sluice.models.weights.Weights;
import dev.sluice.models.weights.WeightsException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Folders that the golden one can be turned into: no windows, six of them, adapters on the text.
 */
class MonkeyFoldersTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path GOLDEN = GoldenFolders.fixture("monkey");
  private static final int TILE = 448;
  private static final int QUERIES = 16;
  private static final int NEW_TOKENS = 6;
  private static final String LAYER = "transformer.h.0.";
  private static final LoadOptions OPTIONS =
      LoadOptions.DEFAULTS.withDtype(Dtype.FLOAT32).withSequences(2).withThreads(1);

  @TempDir private Path folder;

  /** A grey picture looks the same in Monkey's overview, which it has beside its windows. */
  @Test
  void qwenVl_withoutWindows_isMonkeysOverview() throws Exception {
    byte[] grey = grey(300, 200);
    float[] monkey = encode(GOLDEN, grey);
    Path plain = write("qwen-vl", MonkeyFoldersTest::asQwenVl, MonkeyFoldersTest::withoutAdapters);
    float[] found = encode(plain, grey);
    assertClose(found, Arrays.copyOfRange(monkey, monkey.length - found.length, monkey.length));
    Map<String, TraceTensor> trace = trace(plain, grey);
    assertThat(trace.get("input_ids").shape()).containsExactly(QUERIES + 4L);
    assertThat(trace.get("generated_ids").shape()).containsExactly((long) NEW_TOKENS);
  }

  /** The four windows of a picture's left part, whose adapters stand at other numbers here. */
  @Test
  void sixWindows_giveTheFourOfTheirPart() throws Exception {
    RgbImage wide = noise(3 * TILE, 2 * TILE);
    float[] four = encode(GOLDEN, PictureEncoder.png(left(wide, 2 * TILE)));
    Path six = write("six", MonkeyFoldersTest::withSixWindows, MonkeyFoldersTest::withSixAdapters);
    byte[] picture = PictureEncoder.png(wide);
    float[] found = encode(six, picture);
    int window = four.length / 5;
    assertThat(found).hasSize(7 * window);
    int[] numbers = {0, 1, 3, 4};
    for (int i = 0; i < numbers.length; i++) {
      assertClose(part(found, numbers[i], window), part(four, i, window));
    }
    assertThat(trace(six, picture).get("input_ids").shape()).containsExactly(7L * QUERIES + 4);
  }

  @Test
  void adaptersOnTheText_equalMergedMatrices() throws Exception {
    byte[] picture = grey(64, 64);
    float[] bare = logits(GOLDEN, picture);
    Path merged = write("merged", config -> {}, tensors -> adapt(tensors, true));
    Path apart = write("apart", config -> {}, tensors -> adapt(tensors, false));
    float[] expected = logits(merged, picture);
    assertClose(logits(apart, picture), expected);
    assertThat(distance(bare, expected)).as("the adapters matter").isGreaterThan(0.1);
  }

  @Test
  void unknownAdapterOnTheText_isRefused() throws Exception {
    Path unknown =
        write(
            "unknown",
            config -> {},
            tensors ->
                tensors.put(LAYER + "ln_1_lora.lora_scale", Tensors.ofFloats(new float[1], 1)));
    assertThatThrownBy(() -> load(unknown))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("found 'transformer.h.0.ln_1_lora.lora_scale'");
  }

  // ---- folders -------------------------------------------------------------------------------

  private Path write(
      String name, Consumer<ObjectNode> config, Consumer<Map<String, Tensor>> weights)
      throws Exception {
    Path made = Files.createDirectory(folder.resolve(name));
    ObjectNode json = (ObjectNode) JSON.readTree(GOLDEN.resolve("config.json").toFile());
    config.accept(json);
    JSON.writeValue(made.resolve("config.json").toFile(), json);
    try (Weights golden =
            Weights.open(Device.CPU, Dtype.FLOAT32, GOLDEN.resolve("model.safetensors"));
        TensorScope scope = new TensorScope()) {
      Map<String, Tensor> tensors = new TreeMap<>();
      golden.names().forEach(key -> tensors.put(key, golden.tensor(key, golden.shape(key))));
      weights.accept(tensors);
      SafetensorsWriter writer = new SafetensorsWriter();
      tensors.forEach(writer::add);
      writer.write(made.resolve("model.safetensors"));
    }
    return made;
  }

  private static void asQwenVl(ObjectNode config) {
    config.put("model_type", "qwen").putArray("architectures").add("QWenLMHeadModel");
    ((ObjectNode) config.get("visual")).put("image_size", TILE).remove("lora_repeat_num");
  }

  private static void withoutAdapters(Map<String, Tensor> tensors) {
    tensors.keySet().removeIf(name -> name.contains("_lora."));
  }

  private static void withSixWindows(ObjectNode config) {
    ObjectNode visual = (ObjectNode) config.get("visual");
    visual.put("lora_repeat_num", 6).putArray("image_size").add(2 * TILE).add(3 * TILE);
  }

  /** From windows numbered by two columns to windows numbered by three. */
  private static void withSixAdapters(Map<String, Tensor> tensors) {
    int[] sources = {0, 1, 0, 2, 3, 1};
    Map<String, Tensor> golden = new TreeMap<>(tensors);
    golden.forEach(
        (name, tensor) -> {
          for (int number = 0; number < sources.length; number++) {
            String source = "_lora." + sources[number] + ".";
            if (name.contains(source)) {
              tensors.put(name.replace(source, "_lora." + number + "."), tensor);
            }
          }
        });
  }

  private static void adapt(Map<String, Tensor> tensors, boolean merge) {
    Random random = new Random(1);
    for (String name : List.of("attn.c_attn", "attn.c_proj", "mlp.w1", "mlp.w2")) {
      Tensor matrix = Objects.requireNonNull(tensors.get(LAYER + name + ".weight"));
      Tensor down = normal(random, 2, matrix.size(1));
      Tensor up = normal(random, matrix.size(0), 2);
      float scale = 0.3f + random.nextFloat();
      if (merge) {
        Tensor update = up.matmul(down).mul_(new Scalar(scale));
        tensors.put(LAYER + name + ".weight", matrix.add(update));
      } else {
        tensors.put(LAYER + name + "_lora.lora_a.weight", down);
        tensors.put(LAYER + name + "_lora.lora_b.weight", up);
        tensors.put(LAYER + name + "_lora.lora_scale", Tensors.ofFloats(new float[] {scale}, 1));
      }
    }
  }

  private static Tensor normal(Random random, long rows, long columns) {
    float[] values = new float[Math.toIntExact(rows * columns)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (0.1 * random.nextGaussian());
    }
    return Tensors.ofFloats(values, rows, columns);
  }

  // ---- pictures ------------------------------------------------------------------------------

  private static byte[] grey(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    Arrays.fill(rgb, (byte) 90);
    return PictureEncoder.png(new RgbImage(width, height, rgb));
  }

  private static RgbImage noise(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    new Random(2).nextBytes(rgb);
    return new RgbImage(width, height, rgb);
  }

  private static RgbImage left(RgbImage image, int width) {
    byte[] rgb = new byte[3 * width * image.height()];
    for (int y = 0; y < image.height(); y++) {
      System.arraycopy(image.rgb(), 3 * y * image.width(), rgb, 3 * y * width, 3 * width);
    }
    return new RgbImage(width, image.height(), rgb);
  }

  // ---- numbers -------------------------------------------------------------------------------

  private static ComposedModel load(Path folder) {
    return (ComposedModel) Models.load(folder, OPTIONS, new MemoryLedger("cpu", 1L << 33));
  }

  private static float[] encode(Path folder, byte[] picture) throws Exception {
    try (ComposedModel model = load(folder)) {
      VisualTokens tokens = model.encoder().encode(List.of(model.slicer().slice(picture))).get(0);
      float[] values = new float[tokens.rows() * tokens.width()];
      ByteBuffer.wrap(tokens.data()).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
      return values;
    }
  }

  private static Map<String, TraceTensor> trace(Path folder, byte[] picture) throws Exception {
    try (ComposedModel model = load(folder)) {
      TracePrompt prompt = new TracePrompt.Ids(List.of(5, TracePrompt.IMAGE_ID, 7));
      return Models.trace(model, picture, prompt, NEW_TOKENS);
    }
  }

  private static float[] logits(Path folder, byte[] picture) throws Exception {
    return ((TraceTensor.Floats) trace(folder, picture).get("logits_last")).values();
  }

  private static float[] part(float[] all, int index, int size) {
    return Arrays.copyOfRange(all, index * size, (index + 1) * size);
  }

  private static void assertClose(float[] found, float[] expected) {
    assertThat(found).hasSameSizeAs(expected);
    assertThat(distance(found, expected)).isCloseTo(0, within(1e-4));
  }

  private static double distance(float[] found, float[] expected) {
    double largest = 0;
    for (int i = 0; i < found.length; i++) {
      largest = Math.max(largest, Math.abs(found[i] - expected[i]));
    }
    return largest;
  }
}
