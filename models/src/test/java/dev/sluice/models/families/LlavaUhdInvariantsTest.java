package dev.sluice.models.families;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.models.GoldenFolders;
import dev.sluice.models.LoadOptions;
import dev.sluice.models.Models;
import dev.sluice.models.families.parts.ComposedModel;
import dev.sluice.models.families.parts.TextTrace;
import dev.sluice.models.generation.GenerationEngine;
import dev.sluice.models.generation.PromptLayout;
import dev.sluice.models.generation.Sequence;
import dev.sluice.models.memory.MemoryLedger;
import dev.sluice.models.memory.NoRoomException;
import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.GenerationOptions;
import dev.sluice.models.value.Sampling;
import dev.sluice.models.value.SlicedPicture;
import dev.sluice.models.value.TracePrompt;
import dev.sluice.models.value.VisualTokens;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What must not change a result: company, caching, chunking, sharing, joining and leaving. */
class LlavaUhdInvariantsTest {
  private static final Path FOLDER = GoldenFolders.fixture("llava-uhd");
  private static final List<String> FILES = List.of("img0.png", "img1.png", "img3.png");
  private static final LoadOptions OPTIONS =
      LoadOptions.DEFAULTS.withDtype(Dtype.FLOAT32).withPreResize(0).withThreads(1);
  private static final int NEW_TOKENS = 6;

  private static ComposedModel model;
  private static List<SlicedPicture> pictures;
  private static List<VisualTokens> tokens;

  @BeforeAll
  static void load() throws Exception {
    model = model(OPTIONS);
    pictures = new ArrayList<>();
    for (String file : FILES) {
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

  @Test
  void logits_ofManyPrompts_equalOneByOne() {
    List<Sequence> all = IntStream.range(0, 3).mapToObj(i -> sequence(layout(i, 3), i)).toList();
    List<float[]> together = parts(model).runner().lastLogits(all);
    for (int i = 0; i < all.size(); i++) {
      assertClose(
          together.get(i), parts(model).runner().lastLogits(List.of(all.get(i))).get(0), 1e-4);
    }
  }

  @Test
  void cachedGeneration_equalsRecomputingEveryPrefix() {
    for (int i = 0; i < 3; i++) {
      PromptLayout layout = layout(i, 3);
      List<Integer> ids = new ArrayList<>();
      for (int step = 0; step < NEW_TOKENS; step++) {
        int[] prompt = layout.toArray();
        int[] longer = Arrays.copyOf(prompt, prompt.length + ids.size());
        for (int k = 0; k < ids.size(); k++) {
          longer[prompt.length + k] = ids.get(k);
        }
        Sequence whole = sequence(new PromptLayout(longer), i);
        ids.add(argmax(parts(model).runner().lastLogits(List.of(whole)).get(0)));
      }
      assertThat(generate(model, i, layout).generated()).isEqualTo(ids);
    }
  }

  @Test
  void joiningAndLeaving_changesNoText() {
    List<Sequence> alone = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      alone.add(generate(model, i % 3, layout(i % 3, i)));
    }
    GenerationEngine engine = parts(model).engine();
    Sequence[] together = new Sequence[6];
    for (int i = 0; i < 6; i++) {
      int index = i;
      engine.submit(
          layout(i % 3, i), tokens.get(i % 3), options(i), done -> together[index] = done);
      engine.step(); // later ones join while earlier ones decode
    }
    drain(engine);
    for (int i = 0; i < 6; i++) {
      int length = options(i).maxNewTokens();
      List<Integer> expected = alone.get(i).generated().subList(0, length);
      assertThat(together[i].generated()).as("text %d", i).isEqualTo(expected);
    }
  }

  @Test
  void sampledTexts_dependOnTheirSeedAlone() {
    GenerationOptions hot = GenerationOptions.sampled(NEW_TOKENS, new Sampling(2, 20, 0.95, 5));
    List<List<Integer>> texts = new ArrayList<>();
    GenerationEngine engine = parts(model).engine();
    engine.submit(layout(0, 3), tokens.get(0), hot, done -> texts.add(done.generated()));
    drain(engine);
    engine.submit(layout(1, 3), tokens.get(1), options(2), done -> {});
    engine.submit(layout(0, 3), tokens.get(0), hot, done -> texts.add(done.generated()));
    drain(engine);
    assertThat(texts.get(1)).isEqualTo(texts.get(0));
  }

  /** A prefix of 40 text tokens fills two blocks, which the second and third text share. */
  @Test
  void sharedPrefix_andPiecewisePrefill_changeNoText() throws Exception {
    List<Integer> shared = new ArrayList<>();
    List<Integer> own = new ArrayList<>();
    try (ComposedModel pieces = model(OPTIONS.withPositionsPerStep(50))) {
      for (int i = 0; i < 3; i++) {
        shared.addAll(generate(model, i, layout(i, 40)).generated());
        own.addAll(generate(pieces, i, layout(i, 40)).generated());
        parts(pieces).engine().clear(); // forgets the prefix
      }
    }
    GenerationEngine engine = parts(model).engine();
    engine.clear();
    List<List<Integer>> together = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      together.add(new ArrayList<>());
      List<Integer> target = together.get(i);
      engine.submit(
          layout(i, 40), tokens.get(i), options(5), done -> target.addAll(done.generated()));
    }
    drain(engine);
    assertThat(own).isEqualTo(shared);
    assertThat(together.stream().flatMap(List::stream).toList()).isEqualTo(shared);
  }

  @ParameterizedTest
  @EnumSource(
      value = Dtype.class,
      names = {"BFLOAT16", "FLOAT16"})
  void halfPrecision_staysNearFloat32(Dtype dtype) {
    try (ComposedModel half = model(OPTIONS.withDtype(dtype))) {
      VisualTokens found = half.encoder().encode(pictures.subList(1, 2)).get(0);
      assertThat(found.dtype()).isEqualTo(dtype);
      Sequence prompt = new Sequence(layout(1, 3), found, GenerationOptions.greedy(NEW_TOKENS));
      float[] exact = parts(model).runner().lastLogits(List.of(sequence(layout(1, 3), 1))).get(0);
      float[] logits = parts(half).runner().lastLogits(List.of(prompt)).get(0);
      assertClose(logits, exact, dtype == Dtype.FLOAT16 ? 0.1 : 0.6);
      GenerationEngine engine = parts(half).engine();
      List<Integer> ids = new ArrayList<>();
      engine.submit(layout(1, 3), found, options(5), done -> ids.addAll(done.generated()));
      drain(engine);
      assertThat(ids).hasSize(NEW_TOKENS);
    }
  }

  @Test
  void work_leavesNoNativeObjectBehind() {
    Runnable round =
        () -> {
          model.encoder().encode(pictures);
          for (int i = 0; i < 3; i++) {
            generate(model, i, layout(i, 3));
            parts(model).runner().lastLogits(List.of(sequence(layout(i, 3), i)));
          }
        };
    round.run();
    long before = TensorScope.liveObjects();
    for (int i = 0; i < 5; i++) {
      round.run();
    }
    assertThat(TensorScope.liveObjects()).isEqualTo(before);
  }

  @Test
  void close_returnsAllLeases_andAllNativeObjects() {
    long before = TensorScope.liveObjects();
    MemoryLedger ledger = new MemoryLedger("cpu", 1L << 30);
    try (var loaded = Models.load(FOLDER, OPTIONS, ledger)) {
      assertThat(ledger.bytesByLabel()).containsOnlyKeys("weights", "kv-cache");
      loaded.encoder().encode(pictures);
    }
    assertThat(ledger.usedBytes()).isZero();
    assertThat(TensorScope.liveObjects()).isEqualTo(before);
  }

  @Test
  void load_withoutRoom_asksBeforeItAllocates() {
    MemoryLedger ledger = new MemoryLedger("cpu", 1 << 20);
    assertThatThrownBy(() -> Models.load(FOLDER, OPTIONS, ledger))
        .isInstanceOf(NoRoomException.class)
        .hasMessageContaining("weights");
    assertThat(ledger.usedBytes()).isZero();
  }

  @Test
  void trace_namesEveryStage() throws Exception {
    byte[] picture = Files.readAllBytes(FOLDER.resolve("img0.png"));
    var stages =
        Models.trace(model, picture, TracePrompt.raw("1,71,85,73,71,79,-200,89,38,37,79,74,94"), 3);
    assertThat(stages.keySet())
        .containsExactly(
            "pixel_values",
            "vision_last_hidden",
            "projector",
            "input_ids",
            "logits_last",
            "generated_ids");
    assertThat(stages.get("pixel_values").shape()).containsExactly(1L, 3L, 280L, 378L);
    assertThat(stages.get("projector").shape()).containsExactly(1L, 144L, 256L);
    assertThat(stages.get("generated_ids").shape()).containsExactly(3L);
  }

  private static ComposedModel model(LoadOptions options) {
    return (ComposedModel) Models.load(FOLDER, options, new MemoryLedger("cpu", 1L << 32));
  }

  private static TextTrace parts(ComposedModel model) {
    return (TextTrace) model.traceable().orElseThrow();
  }

  private static GenerationOptions options(int i) {
    return GenerationOptions.greedy(1 + i % NEW_TOKENS);
  }

  /** Some text, the picture, some text. */
  private static PromptLayout layout(int picture, int textTokens) {
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < textTokens; i++) {
      ids.add(1 + 7 * i % 90);
    }
    ids.add(TracePrompt.IMAGE_ID);
    ids.addAll(List.of(15, 81, 22, 21 + picture));
    return parts(model).prompts().layout(pictures.get(picture).plan(), ids);
  }

  private static Sequence sequence(PromptLayout layout, int picture) {
    return new Sequence(layout, tokens.get(picture), GenerationOptions.greedy(1));
  }

  private static Sequence generate(ComposedModel from, int picture, PromptLayout layout) {
    List<Sequence> finished = new ArrayList<>();
    GenerationEngine engine = parts(from).engine();
    engine.submit(layout, tokens.get(picture), GenerationOptions.greedy(NEW_TOKENS), finished::add);
    drain(engine);
    return finished.get(0);
  }

  private static void drain(GenerationEngine engine) {
    while (engine.hasWork()) {
      engine.step();
    }
  }

  private static int argmax(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best;
  }

  private static float[] floats(VisualTokens rows) {
    float[] values = new float[rows.rows() * rows.width()];
    ByteBuffer.wrap(rows.data()).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  private static void assertClose(float[] found, float[] expected, double tolerance) {
    assertThat(found).hasSameSizeAs(expected);
    double largest = 0;
    for (int i = 0; i < found.length; i++) {
      largest = Math.max(largest, Math.abs(found[i] - expected[i]));
    }
    assertThat(largest).isCloseTo(0, within(tolerance));
  }
}
