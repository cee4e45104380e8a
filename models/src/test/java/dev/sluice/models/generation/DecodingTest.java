package dev.sluice.models.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.GoldenFolders;
import dev.sluice.models.language.KvCache;
import dev.sluice.models.language.LlamaConfig;
import dev.sluice.models.language.LlamaModel;
import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.tensor.TorchRuntime;
import dev.sluice.models.value.Beams;
import dev.sluice.models.value.Beams.EarlyStopping;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.GenerationOptions;
import dev.sluice.models.value.Size;
import dev.sluice.models.value.SlicePlan;
import dev.sluice.models.value.VisualTokens;
import dev.sluice.models.weights.ModelConfig;
import dev.sluice.models.weights.ModelDirectory;
import dev.sluice.models.weights.Weights;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Texts as transformers 5.18 generates them under the keys of {@code generation_config.json}.
 *
 * <p>{@code decoding.json} holds what {@code generate} gave on the language model of the LLaVA
 * fixture, prompted with ids, in float32 and in float64 alike.
 */
class DecodingTest {
  private static final Path FOLDER = GoldenFolders.fixture("llava").resolve("ckpt");
  private static final Set<Integer> END = Set.of(494, 503, 38);
  private static final int BLOCKS = 160;
  private static final int BLOCK = 4;
  private static final VisualTokens NOTHING =
      new VisualTokens(
          SlicePlan.overviewOnly(new Size(8, 8), new Size(8, 8)),
          0,
          64,
          Dtype.FLOAT32,
          new byte[0]);

  private static Weights weights;
  private static KvCache cache;
  private static ModelRunner runner;
  private static ModelConfig cases;

  @BeforeAll
  static void load() throws URISyntaxException {
    TorchRuntime.initialise(1);
    ModelDirectory directory = ModelDirectory.open(FOLDER);
    weights = directory.weights(Device.CPU, Dtype.FLOAT32);
    LlamaConfig config = LlamaConfig.of(directory.config().at("text_config"));
    cache = new KvCache(config.kvShape(), BLOCKS, BLOCK, Dtype.FLOAT32, Device.CPU);
    try (TensorScope scope = new TensorScope()) {
      runner = new ModelRunner(LlamaModel.load(weights.under("language_model"), config), cache);
    }
    cases =
        ModelConfig.read(
            Path.of(
                Objects.requireNonNull(DecodingTest.class.getResource("/generation/decoding.json"))
                    .toURI()));
  }

  @AfterAll
  static void close() {
    cache.close();
    weights.close();
  }

  /** Beams of several requests, greedy rows and prompts share steps and the pool. */
  @Test
  void texts_ofAllKindsTogether_equalTransformers() {
    KvBlockPool pool = new KvBlockPool(BLOCKS, BLOCK);
    GenerationEngine engine = engine(pool, 12, 32);
    Map<String, List<Integer>> found = new LinkedHashMap<>();
    for (String name : cases.keys()) {
      found.put(name, submit(engine, name));
    }
    while (engine.hasWork()) {
      engine.step();
    }
    assertThat(found).hasSizeGreaterThan(60);
    found.forEach((name, ids) -> assertThat(ids).as(name).isEqualTo(cases.at(name).ints("ids")));
    engine.clear(); // known prefixes
    assertThat(pool.freeBlocks()).isEqualTo(BLOCKS);
  }

  /** Far fewer blocks than twelve texts fill: they give them up to one another on the way. */
  @Test
  void texts_inAScarcePool_equalTransformers() {
    KvBlockPool pool = new KvBlockPool(BLOCKS / 4, BLOCK);
    GenerationEngine engine = engine(pool, 12, 32);
    Map<String, List<Integer>> found = new LinkedHashMap<>();
    for (String name : cases.keys()) {
      found.put(name, submit(engine, name));
    }
    while (engine.hasWork()) {
      engine.step();
    }
    found.forEach((name, ids) -> assertThat(ids).as(name).isEqualTo(cases.at(name).ints("ids")));
    engine.clear(); // known prefixes
    assertThat(pool.freeBlocks()).isEqualTo(BLOCKS / 4);
  }

  @Test
  void beams_inAPoolOfTheirWorstCase_findRoom() {
    // 13 prompt positions fill 3 blocks; of 26 positions in 7 blocks 4 are each beam's own
    KvBlockPool pool = new KvBlockPool(3 + 5 * 4, BLOCK);
    GenerationEngine engine = engine(pool, 5, 32);
    List<Integer> ids = submit(engine, "beams5_penalty1.0_True_13");
    engine.step();
    assertThat(pool.freeBlocks()).isZero();
    while (engine.hasWork()) {
      engine.step();
    }
    assertThat(ids).isEqualTo(cases.at("beams5_penalty1.0_True_13").ints("ids"));
  }

  @Test
  void beams_thatCanNeverRun_areRefused() {
    KvBlockPool small = new KvBlockPool(3 + 5 * 4 - 1, BLOCK);
    assertThatThrownBy(() -> submit(engine(small, 5, 32), "beams5_penalty1.0_True_13"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("in 5 beams: needs 23 blocks")
        .hasMessageContaining("has 22");
    KvBlockPool pool = new KvBlockPool(BLOCKS, BLOCK);
    assertThatThrownBy(() -> submit(engine(pool, 4, 32), "beams5_penalty1.0_True_13"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("request of 5 beams: expected at most 4");
  }

  @Test
  void clear_inTheMiddleOfASearch_freesEveryBlock() {
    KvBlockPool pool = new KvBlockPool(BLOCKS, BLOCK);
    GenerationEngine engine = engine(pool, 12, 32);
    submit(engine, "beams5_penalty1.0_True_13");
    submit(engine, "beams2_long");
    for (int i = 0; i < 4; i++) {
      engine.step();
    }
    engine.clear();
    assertThat(pool.freeBlocks()).isEqualTo(BLOCKS);
  }

  @Test
  void oneBeam_isGreedy() {
    GenerationOptions one =
        GenerationOptions.greedy(10).withBeams(new Beams(1, 3, EarlyStopping.NEVER));
    assertThat(one.takesLikeliest()).isTrue();
  }

  private static GenerationEngine engine(KvBlockPool pool, int sequences, int positions) {
    Scheduler scheduler = new Scheduler(pool, new Scheduler.Limits(sequences, positions));
    return new GenerationEngine(scheduler, runner, new NoWords(), END);
  }

  private static List<Integer> submit(GenerationEngine engine, String name) {
    ModelConfig wanted = cases.at(name);
    int[] prompt = wanted.ints("prompt").stream().mapToInt(Integer::intValue).toArray();
    GenerationOptions options =
        GenerationDefaults.of(wanted.at("generation_config")).options(prompt.length);
    List<Integer> ids = new ArrayList<>();
    engine.submit(
        new PromptLayout(prompt),
        NOTHING,
        options,
        done -> {
          ids.addAll(done.generated());
          done.endToken().ifPresent(ids::add);
        });
    return ids;
  }
}
