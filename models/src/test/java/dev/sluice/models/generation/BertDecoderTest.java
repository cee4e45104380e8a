package dev.sluice.models.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.GoldenFolders;
import dev.sluice.models.GoldenTensors;
import dev.sluice.models.language.BertConfig;
import dev.sluice.models.language.BertDecoder;
import dev.sluice.models.language.KvCache;
import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.tensor.TorchRuntime;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.GenerationOptions;
import dev.sluice.models.value.Size;
import dev.sluice.models.value.SlicePlan;
import dev.sluice.models.value.VisualTokens;
import dev.sluice.models.weights.ModelConfig;
import dev.sluice.models.weights.Weights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** BLIP's decoder in the engine, on pictures that the reference's vision tower has read. */
class BertDecoderTest {
  private static final Path FOLDER = GoldenFolders.fixture("blip_caption");
  private static final int BEGIN = 565;
  private static final int END = 102;
  private static final int PICTURES = 4;
  private static final int ROWS = 37;
  private static final int WIDTH = 48;
  private static final int BLOCKS = 64;
  private static final int BLOCK = 8; // 37 rows fill 5 blocks, not evenly

  private static GoldenTensors golden;
  private static Weights weights;
  private static KvCache cache;
  private static ModelRunner runner;
  private static List<VisualTokens> pictures;

  @BeforeAll
  static void load() {
    TorchRuntime.initialise(1);
    golden = new GoldenTensors(FOLDER);
    ModelConfig config = ModelConfig.read(FOLDER.resolve("ckpt/config.json"));
    weights = Weights.open(Device.CPU, Dtype.FLOAT32, FOLDER.resolve("ckpt/model.safetensors"));
    BertConfig bert = BertConfig.of(config.at("text_config"), WIDTH);
    cache = new KvCache(bert.kvShape(), BLOCKS, BLOCK, Dtype.FLOAT32, Device.CPU);
    try (TensorScope scope = new TensorScope()) {
      runner = new ModelRunner(BertDecoder.load(weights.under("text_decoder"), bert), cache);
    }
    pictures = pictures(golden.floats("vision_last_hidden"));
  }

  @AfterAll
  static void close() {
    cache.close();
    weights.close();
    golden.close();
  }

  @Test
  void logits_ofEveryPosition_equalTheReference() {
    int[] ids = ids("teacher.input_ids");
    List<float[]> rows = runner.allLogits(sequence(PromptLayout.beside(ids), 1));
    float[] all = new float[rows.size() * rows.get(0).length];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, all, i * rows.get(i).length, rows.get(i).length);
    }
    golden.check("teacher.logits", all, 1e-3, 0);
  }

  @Test
  void lastLogits_ofManyPictures_equalTheReference() {
    List<Sequence> all = new ArrayList<>();
    for (int i = 0; i < PICTURES; i++) {
      all.add(sequence(PromptLayout.beside(BEGIN), i));
    }
    List<float[]> rows = runner.lastLogits(all);
    for (int i = 0; i < PICTURES; i++) {
      golden.check("caption_single" + i + ".first_step_logits", rows.get(i), 1e-3, 0);
    }
  }

  @Test
  void captions_joiningWhileOthersDecode_equalTheReference() {
    for (int positionsPerStep : new int[] {64, 4}) { // whole prompts, and pieces with a past
      KvBlockPool pool = new KvBlockPool(BLOCKS, BLOCK);
      GenerationEngine engine = engine(pool, positionsPerStep);
      List<List<Integer>> found = new ArrayList<>();
      for (int i = 0; i < PICTURES; i++) {
        found.add(submit(engine, PromptLayout.beside(BEGIN), i));
        engine.step();
      }
      List<List<Integer>> prompted = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        prompted.add(submit(engine, prompted(i), 0));
      }
      while (engine.hasWork()) {
        engine.step();
      }
      for (int i = 0; i < PICTURES; i++) {
        assertThat(found.get(i)).isEqualTo(expected("caption_single" + i, 1));
      }
      for (int i = 0; i < 2; i++) {
        assertThat(prompted.get(i)).isEqualTo(expected("prompted" + i, prompted(i).length()));
      }
      assertThat(pool.freeBlocks()).isEqualTo(BLOCKS);
    }
  }

  @Test
  void pool_tooSmallForTheMemory_isNamed() {
    GenerationEngine engine = engine(new KvBlockPool(6, BLOCK), 64);
    assertThatThrownBy(() -> submit(engine, PromptLayout.beside(BEGIN), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("37 rows beside them")
        .hasMessageContaining("needs 8 blocks");
  }

  @Test
  void pictureInThePrompt_isRefused() {
    PromptLayout layout = new PromptLayout(BEGIN, PromptLayout.VISUAL);
    assertThatThrownBy(() -> runner.lastLogits(List.of(sequence(layout, 0))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("prompt: expected the picture beside the prompt, found it in the prompt");
  }

  private static GenerationEngine engine(KvBlockPool pool, int positionsPerStep) {
    Scheduler scheduler = new Scheduler(pool, new Scheduler.Limits(4, positionsPerStep));
    return new GenerationEngine(scheduler, runner, new NoWords(), Set.of(END));
  }

  private static List<Integer> submit(GenerationEngine engine, PromptLayout layout, int picture) {
    List<Integer> ids = new ArrayList<>();
    engine.submit(
        layout,
        pictures.get(picture),
        GenerationOptions.greedy(20),
        done -> {
          ids.addAll(done.generated());
          done.endToken().ifPresent(ids::add);
        });
    return ids;
  }

  /** The prompt as the reference feeds it: without its end. */
  private static PromptLayout prompted(int i) {
    int[] ids = ids("prompted" + i + ".input_ids");
    return PromptLayout.beside(Arrays.copyOf(ids, ids.length - 1));
  }

  private static List<Integer> expected(String item, int promptLength) {
    int[] ids = ids(item + ".generated_ids_with_prompt");
    return Arrays.stream(ids).skip(promptLength).boxed().toList();
  }

  private static int[] ids(String name) {
    float[] values = golden.floats(name);
    int[] ids = new int[values.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = Math.round(values[i]);
    }
    return ids;
  }

  private static Sequence sequence(PromptLayout layout, int picture) {
    return new Sequence(layout, pictures.get(picture), GenerationOptions.greedy(1));
  }

  private static List<VisualTokens> pictures(float[] all) {
    List<VisualTokens> pictures = new ArrayList<>();
    for (int i = 0; i < PICTURES; i++) {
      ByteBuffer rows = ByteBuffer.allocate(ROWS * WIDTH * 4).order(ByteOrder.LITTLE_ENDIAN);
      rows.asFloatBuffer().put(all, i * ROWS * WIDTH, ROWS * WIDTH);
      SlicePlan plan = SlicePlan.overviewOnly(new Size(96, 96), new Size(96, 96));
      pictures.add(new VisualTokens(plan, ROWS, WIDTH, Dtype.FLOAT32, rows.array()));
    }
    return pictures;
  }
}
