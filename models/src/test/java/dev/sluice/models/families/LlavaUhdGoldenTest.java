package dev.sluice.models.families;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.models.GoldenFolders;
import dev.sluice.models.GoldenTensors;
import dev.sluice.models.LoadOptions;
import dev.sluice.models.Models;
import dev.sluice.models.families.parts.ComposedModel;
import dev.sluice.models.families.parts.TextTrace;
import dev.sluice.models.families.parts.TileEncoder;
import dev.sluice.models.generation.PromptLayout;
import dev.sluice.models.generation.Sequence;
import dev.sluice.models.image.ImageReader;
import dev.sluice.models.image.ImageSlicer;
import dev.sluice.models.image.SliceStrategy;
import dev.sluice.models.memory.MemoryLedger;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.GenerationOptions;
import dev.sluice.models.value.Size;
import dev.sluice.models.value.SlicePlan;
import dev.sluice.models.value.SlicedPicture;
import dev.sluice.models.value.TraceTensor.Floats;
import dev.sluice.models.value.VisualTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every number that the LLaVA-UHD golden folders hold, in float32. */
class LlavaUhdGoldenTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double FEATURES = 1e-4;
  private static final double FEATURES_RELATIVE = 1e-5;
  private static final double PIXELS = 1e-5;
  private static final double LOGITS = 5e-4;

  @TestFactory
  Stream<DynamicTest> images_equalTheReference() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Path folder : GoldenFolders.named("llava-uhd")) {
      JsonNode images = JSON.readTree(folder.resolve("expected.json").toFile()).get("images");
      for (int i = 0; i < images.size(); i++) {
        int index = i;
        JsonNode image = images.get(i);
        tests.add(
            DynamicTest.dynamicTest(
                folder.getFileName() + " " + image.get("file").asText(),
                () -> check(folder, "img" + index, image)));
      }
    }
    GoldenFolders.requireFixtures(tests);
    return tests.stream();
  }

  private static void check(Path folder, String name, JsonNode image) throws Exception {
    MemoryLedger ledger = new MemoryLedger("cpu", 1L << 32);
    LoadOptions options = LoadOptions.DEFAULTS.withDtype(Dtype.FLOAT32).withThreads(1);
    try (ComposedModel model = (ComposedModel) Models.load(folder, options, ledger);
        GoldenTensors golden = new GoldenTensors(folder)) {
      SlicedPicture picture = slice(folder, image);
      checkPlan(picture.plan(), image);
      VisualTokens tokens = checkTiles(model, picture, golden, name, image.get("slices"));
      checkText((TextTrace) model.traceable().orElseThrow(), tokens, golden, name, image);
    }
    assertThat(ledger.usedBytes()).isZero();
  }

  /** The exact pixels: where a folder has a JPEG, its decoded twin. */
  private static SlicedPicture slice(Path folder, JsonNode image) throws Exception {
    Path decoded = folder.resolve(image.get("file").asText() + ".decoded.png");
    Path file = Files.exists(decoded) ? decoded : folder.resolve(image.get("file").asText());
    SliceStrategy strategy =
        image.get("mode").asText().equals("eval")
            ? SliceStrategy.LLAVA_UHD_EVAL
            : SliceStrategy.LLAVA_UHD;
    return new ImageSlicer(new ImageReader(), strategy.planner()).slice(Files.readAllBytes(file));
  }

  private static void checkPlan(SlicePlan plan, JsonNode image) {
    assertThat(plan.overview()).isEqualTo(size(image.get("thumbnail_size")));
    JsonNode grid = image.get("grid");
    if (grid.isNull()) {
      assertThat(plan.sliceCount()).isZero();
    } else {
      assertThat(plan.columns()).isEqualTo(grid.get(0).intValue());
      assertThat(plan.rows()).isEqualTo(grid.get(1).intValue());
      assertThat(plan.slice()).isEqualTo(size(image.get("slice_size")));
    }
  }

  private static Size size(JsonNode pair) {
    return new Size(pair.get(0).intValue(), pair.get(1).intValue());
  }

  private static VisualTokens checkTiles(
      ComposedModel model,
      SlicedPicture picture,
      GoldenTensors golden,
      String name,
      JsonNode tiles) {
    Map<String, Floats> found = new HashMap<>();
    VisualTokens tokens =
        ((TileEncoder) model.encoder())
            .encode(
                List.of(picture), (stage, tile, tensor) -> found.put(stage + tile, floats(tensor)))
            .get(0);
    assertThat(found).hasSize(3 * tiles.size());
    for (int i = 0; i < tiles.size(); i++) {
      JsonNode tile = tiles.get(i);
      Floats pixels = found.get("pixel_values" + i);
      Floats vision = found.get("vision_last_hidden" + i);
      Floats rows = found.get("projector" + i);
      String prefix = name + "." + tile.get("name").asText();
      GoldenTensors.checkDigest(prefix + " pixels", tile.get("pixels"), pixels.values());
      GoldenTensors.checkDigest(prefix + " vision", tile.get("vision"), vision.values());
      GoldenTensors.checkDigest(prefix + " resampled", tile.get("resampled"), rows.values());
      golden.check(prefix + ".pixels_stride17", strided(pixels, 17), PIXELS, 0);
      golden.check(prefix + ".vision_every31st", every(vision, 31), FEATURES, FEATURES_RELATIVE);
      golden.check(prefix + ".resampled_every12th", every(rows, 12), FEATURES, FEATURES_RELATIVE);
    }
    return tokens;
  }

  private static Floats floats(Tensor tensor) {
    return new Floats(Arrays.stream(tensor.shape()).boxed().toList(), Tensors.toFloats(tensor));
  }

  private static void checkText(
      TextTrace parts, VisualTokens tokens, GoldenTensors golden, String name, JsonNode image) {
    List<Integer> ids = new ArrayList<>();
    image.get("input_ids").forEach(id -> ids.add(id.intValue()));
    PromptLayout layout = parts.prompts().layout(tokens.plan(), ids);
    assertThat(layout.toArray()).as("layout").isEqualTo(ints(image.get("layout")));
    int[] generated = ints(image.get("generated"));
    GenerationOptions options = GenerationOptions.greedy(generated.length);
    Sequence sequence = new Sequence(layout, tokens, options);
    GoldenTensors.checkDigest(
        name + " embeds", image.get("embeds"), parts.runner().promptEmbeddings(sequence));
    List<float[]> logits = parts.runner().allLogits(sequence);
    GoldenTensors.checkDigest(name + " logits", image.get("logits"), flat(logits));
    golden.check(
        name + ".logits_last8", flat(logits.subList(logits.size() - 8, logits.size())), LOGITS, 0);
    List<Integer> found = new ArrayList<>();
    parts.engine().submit(layout, tokens, options, done -> found.addAll(done.generated()));
    while (parts.engine().hasWork()) {
      parts.engine().step();
    }
    assertThat(found).as("generated").isEqualTo(IntStream.of(generated).boxed().toList());
  }

  private static int[] ints(JsonNode array) {
    int[] values = new int[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).intValue();
    }
    return values;
  }

  private static float[] flat(List<float[]> rows) {
    float[] all = new float[rows.size() * rows.get(0).length];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, all, i * rows.get(0).length, rows.get(0).length);
    }
    return all;
  }

  /** Rows 0, n, 2n, … of a matrix. */
  private static float[] every(Floats matrix, int n) {
    int width = Math.toIntExact(matrix.shape().get(1));
    List<float[]> rows = new ArrayList<>();
    for (int row = 0; row < matrix.shape().get(0); row += n) {
      rows.add(Arrays.copyOfRange(matrix.values(), row * width, (row + 1) * width));
    }
    return flat(rows);
  }

  /** Pixels [:, ::n, ::n]. */
  private static float[] strided(Floats planes, int n) {
    long height = planes.shape().get(1);
    long width = planes.shape().get(2);
    List<Float> kept = new ArrayList<>();
    for (int channel = 0; channel < planes.shape().get(0); channel++) {
      for (int y = 0; y < height; y += n) {
        for (int x = 0; x < width; x += n) {
          kept.add(planes.values()[(int) ((channel * height + y) * width + x)]);
        }
      }
    }
    float[] values = new float[kept.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = kept.get(i);
    }
    return values;
  }
}
