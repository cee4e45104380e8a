package dev.sluice.models.families;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.models.GoldenFolders;
import dev.sluice.models.LoadOptions;
import dev.sluice.models.Models;
import dev.sluice.models.families.parts.ComposedModel;
import dev.sluice.models.families.parts.TextTrace;
import dev.sluice.models.generation.GenerationEngine;
import dev.sluice.models.generation.PromptLayout;
import dev.sluice.models.generation.Sequence;
import dev.sluice.models.layers.PatchGrid;
import dev.sluice.models.memory.MemoryLedger;
import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.tensor.TorchRuntime;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.GenerationOptions;
import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.SlicedPicture;
import dev.sluice.models.value.TracePrompt;
import dev.sluice.models.value.VisualTokens;
import dev.sluice.models.vision.PixelNormalizer;
import dev.sluice.models.vision.QwenVisionTransformer;
import dev.sluice.models.vision.TileGroup;
import dev.sluice.models.vision.VisionConfig;
import dev.sluice.models.weights.Weights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What must not change a result: company in a batch, in the tower and in the language model. */
class MonkeyInvariantsTest {
  private static final Path FOLDER = GoldenFolders.fixture("monkey");
  private static final LoadOptions OPTIONS =
      LoadOptions.DEFAULTS.withDtype(Dtype.FLOAT32).withSequences(4).withThreads(1);
  private static final int NEW_TOKENS = 8;

  private static ComposedModel model;
  private static List<SlicedPicture> pictures;
  private static List<VisualTokens> tokens;

  @BeforeAll
  static void load() throws Exception {
    model = model(OPTIONS);
    pictures = new ArrayList<>();
    for (String file : List.of("img0.png", "img1.png")) {
      pictures.add(model.slicer().slice(Files.readAllBytes(FOLDER.resolve(file))));
    }
    tokens = model.encoder().encode(pictures);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void encode_ofManyPictures_equalsOneByOne() {
    for (int i = 0; i < pictures.size(); i++) {
      VisualTokens alone = model.encoder().encode(List.of(pictures.get(i))).get(0);
      assertClose(floats(tokens.get(i)), floats(alone), 1e-5);
    }
  }

  /** The whole picture's adapters in one batch, against a tower that has one adapter alone. */
  @Test
  void windows_inOneBatch_equalWindowByWindow() {
    SlicedPicture picture = pictures.get(0);
    List<RgbImage> tiles =
        Stream.concat(picture.slices().stream(), Stream.of(picture.overview())).toList();
    try (Weights weights =
        Weights.open(Device.CPU, Dtype.FLOAT32, FOLDER.resolve("model.safetensors"))) {
      float[] together = features(weights, 4, tiles);
      int size = together.length / tiles.size();
      for (int window = 0; window < 4; window++) {
        int number = window;
        Weights alone = weights.renamed(name -> exchanged(name, number));
        float[] pair = features(alone, 1, List.of(tiles.get(window), tiles.get(4)));
        assertClose(part(together, window, size), part(pair, 0, size), 1e-4);
        assertClose(part(together, 4, size), part(pair, 1, size), 1e-4);
      }
      float[] bare = features(weights, 0, List.of(tiles.get(0)));
      assertThat(distance(part(together, 0, size), bare)).as("adapter 0 matters").isGreaterThan(1);
    }
  }

  private static String exchanged(String name, int window) {
    String first = "_lora.0.";
    String other = "_lora." + window + ".";
    return name.contains(first) ? name.replace(first, other) : name.replace(other, first);
  }

  private static float[] features(Weights weights, int windows, List<RgbImage> tiles) {
    VisionConfig config = new VisionConfig(32, 78, 2, 4, 224, 14, 1e-6, "gelu");
    try (TorchRuntime.Inference inference = TorchRuntime.inference();
        TensorScope scope = new TensorScope()) {
      Weights visual = weights.under("transformer", "visual");
      Tensor pixels =
          new PixelNormalizer(weights, PixelNormalizer.CLIP_MEAN, PixelNormalizer.CLIP_DEVIATION)
              .apply(tiles);
      TileGroup group = new TileGroup(new PatchGrid(32, 32), pixels);
      return Tensors.toFloats(
          QwenVisionTransformer.load(visual, config, windows)
              .apply(List.of(group))
              .get(0)
              .features());
    }
  }

  /** Of 64 trained positions: prompts up to 128 turn with base factor 3, longer ones with 7. */
  @Test
  void textsWithDifferentRotaryBases_changeNothingTogether() {
    List<PromptLayout> layouts = List.of(layout(0, 40, 4), layout(1, 40, 60), layout(0, 5, 4));
    GenerationEngine engine = parts(model).engine();
    Sequence[] alone = new Sequence[layouts.size()];
    for (int i = 0; i < alone.length; i++) {
      engine.clear(); // forgets the prefix
      submit(engine, layouts.get(i), i % 2, alone, i);
      drain(engine);
    }
    engine.clear();
    Sequence[] together = new Sequence[layouts.size()];
    for (int i = 0; i < together.length; i++) {
      submit(engine, layouts.get(i), i % 2, together, i);
      engine.step(); // later ones join while earlier ones decode
    }
    drain(engine);
    for (int i = 0; i < alone.length; i++) {
      assertSameText(together[i], alone[i]);
    }
  }

  /** The base is that of the whole prompt from its first piece on. */
  @Test
  void piecewisePrefill_changesNoText() {
    Sequence[] texts = new Sequence[2];
    submit(parts(model).engine(), layout(0, 40, 4), 0, texts, 0);
    drain(parts(model).engine());
    try (ComposedModel pieces = model(OPTIONS.withPositionsPerStep(30))) {
      submit(parts(pieces).engine(), layout(0, 40, 4), 0, texts, 1);
      drain(parts(pieces).engine());
    }
    assertSameText(texts[1], texts[0]);
  }

  private static void assertSameText(Sequence found, Sequence expected) {
    assertThat(found.generated()).isEqualTo(expected.generated());
    assertThat(found.meanLogprob()).isCloseTo(expected.meanLogprob(), within(1e-4));
  }

  @Test
  void bfloat16_staysNearFloat32() {
    try (ComposedModel half = model(OPTIONS.withDtype(Dtype.BFLOAT16))) {
      VisualTokens found = half.encoder().encode(pictures.subList(0, 1)).get(0);
      assertThat(found.dtype()).isEqualTo(Dtype.BFLOAT16);
      float[] logits = lastLogits(half, found);
      float[] exact = lastLogits(model, tokens.get(0));
      assertClose(logits, exact, 0.5);
    }
  }

  @Test
  void work_leavesNoNativeObjectBehind() {
    Runnable round =
        () -> {
          model.encoder().encode(pictures);
          submit(parts(model).engine(), layout(1, 3, 4), 1, new Sequence[1], 0);
          drain(parts(model).engine());
          lastLogits(model, tokens.get(0));
        };
    round.run();
    long before = TensorScope.liveObjects();
    for (int i = 0; i < 3; i++) {
      round.run();
    }
    assertThat(TensorScope.liveObjects()).isEqualTo(before);
  }

  private static ComposedModel model(LoadOptions options) {
    return (ComposedModel) Models.load(FOLDER, options, new MemoryLedger("cpu", 1L << 33));
  }

  private static TextTrace parts(ComposedModel model) {
    return (TextTrace) model.traceable().orElseThrow();
  }

  private static float[] lastLogits(ComposedModel from, VisualTokens picture) {
    Sequence sequence = new Sequence(layout(0, 3, 4), picture, GenerationOptions.greedy(1));
    return parts(from).runner().lastLogits(List.of(sequence)).get(0);
  }

  /** Some text, the picture's 82 positions, some text. */
  private static PromptLayout layout(int picture, int before, int behind) {
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < before; i++) {
      ids.add(1 + 7 * i % 90);
    }
    ids.add(TracePrompt.IMAGE_ID);
    for (int i = 0; i < behind; i++) {
      ids.add(15 + (11 * i + picture) % 90);
    }
    List<Integer> expanded = parts(model).prompts().ids(new TracePrompt.Ids(ids));
    return parts(model).prompts().layout(pictures.get(picture).plan(), expanded);
  }

  private static void submit(
      GenerationEngine engine, PromptLayout layout, int picture, Sequence[] done, int index) {
    GenerationOptions options = GenerationOptions.greedy(NEW_TOKENS);
    engine.submit(layout, tokens.get(picture), options, text -> done[index] = text);
  }

  private static void drain(GenerationEngine engine) {
    while (engine.hasWork()) {
      engine.step();
    }
  }

  private static float[] part(float[] all, int index, int size) {
    return Arrays.copyOfRange(all, index * size, (index + 1) * size);
  }

  private static float[] floats(VisualTokens rows) {
    float[] values = new float[rows.rows() * rows.width()];
    ByteBuffer.wrap(rows.data()).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  private static void assertClose(float[] found, float[] expected, double tolerance) {
    assertThat(found).hasSameSizeAs(expected);
    assertThat(distance(found, expected)).isCloseTo(0, within(tolerance));
  }

  private static double distance(float[] found, float[] expected) {
    double largest = 0;
    for (int i = 0; i < found.length; i++) {
      largest = Math.max(largest, Math.abs(found[i] - expected[i]));
    }
    return largest;
  }
}
