package dev.sluice.models.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.models.language.KvCache;
import dev.sluice.models.language.LlamaConfig;
import dev.sluice.models.language.LlamaModel;
import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.tensor.TorchRuntime;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.GenerationOptions;
import dev.sluice.models.value.Size;
import dev.sluice.models.value.SlicePlan;
import dev.sluice.models.value.VisualTokens;
import dev.sluice.models.weights.RandomValues;
import dev.sluice.models.weights.SafetensorsWriter;
import dev.sluice.models.weights.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two key heads for four query heads give what four equal-in-pairs key heads give. */
class GroupedQueryTest {
  private static final int VOCABULARY = 50;
  private static final int WIDTH = 32;
  private static final int HEAD = 8;
  private static final int HIDDEN = 24;
  private static final int LAYERS = 2;
  private static final VisualTokens NOTHING =
      new VisualTokens(
          SlicePlan.overviewOnly(new Size(8, 8), new Size(8, 8)),
          0,
          WIDTH,
          Dtype.FLOAT32,
          new byte[0]);

  @TempDir private Path folder;

  @Test
  void groupedQueries_equalRepeatedKeyHeads() {
    for (int positionsPerStep : new int[] {64, 5}) { // whole prompts, and pieces with a past
      List<Sequence> grouped = run(write("grouped", 2), 2, positionsPerStep);
      List<Sequence> repeated = run(write("repeated", 4), 4, positionsPerStep);
      for (int i = 0; i < grouped.size(); i++) {
        assertThat(grouped.get(i).generated()).isEqualTo(repeated.get(i).generated());
        assertThat(grouped.get(i).meanLogprob())
            .isCloseTo(repeated.get(i).meanLogprob(), within(1e-5));
      }
    }
  }

  private static List<Sequence> run(Path file, int keyHeads, int positionsPerStep) {
    TorchRuntime.initialise(1);
    LlamaConfig config =
        new LlamaConfig(
            VOCABULARY, WIDTH, HIDDEN, LAYERS, 4, keyHeads, HEAD, 1e-5, 10000, 64, true);
    try (Weights weights = Weights.open(Device.CPU, Dtype.FLOAT32, file);
        TorchRuntime.Inference inference = TorchRuntime.inference();
        TensorScope scope = new TensorScope();
        KvCache cache = new KvCache(config.kvShape(), 16, 4, Dtype.FLOAT32, Device.CPU)) {
      GenerationEngine engine =
          new GenerationEngine(
              new Scheduler(new KvBlockPool(16, 4), new Scheduler.Limits(3, positionsPerStep)),
              new ModelRunner(LlamaModel.load(weights, config), cache),
              new NoWords(),
              Set.of());
      List<Sequence> done = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        int[] ids = new Random(i).ints(7 + 2L * i, 0, VOCABULARY).toArray();
        engine.submit(new PromptLayout(ids), NOTHING, GenerationOptions.greedy(6), done::add);
      }
      while (engine.hasWork()) {
        engine.step();
      }
      done.sort(Comparator.comparing(sequence -> sequence.prompt().length()));
      return done;
    }
  }

  private Path write(String name, int keyHeads) {
    Random random = new Random(17);
    SafetensorsWriter writer = new SafetensorsWriter();
    writer.add("model.embed_tokens.weight", values(random, VOCABULARY * WIDTH), VOCABULARY, WIDTH);
    writer.add("model.norm.weight", values(random, WIDTH), WIDTH);
    for (int i = 0; i < LAYERS; i++) {
      String layer = "model.layers." + i + ".";
      writer.add(layer + "input_layernorm.weight", values(random, WIDTH), WIDTH);
      writer.add(layer + "post_attention_layernorm.weight", values(random, WIDTH), WIDTH);
      writer.add(layer + "self_attn.q_proj.weight", values(random, 4 * HEAD * WIDTH), 32, WIDTH);
      for (String part : List.of("k", "v")) {
        float[] two = values(random, 2 * HEAD * WIDTH);
        writer.add(
            layer + "self_attn." + part + "_proj.weight",
            keyHeads == 2 ? two : repeated(two),
            (long) keyHeads * HEAD,
            WIDTH);
      }
      writer.add(layer + "self_attn.o_proj.weight", values(random, WIDTH * 4 * HEAD), WIDTH, 32);
      writer.add(layer + "mlp.gate_proj.weight", values(random, HIDDEN * WIDTH), HIDDEN, WIDTH);
      writer.add(layer + "mlp.up_proj.weight", values(random, HIDDEN * WIDTH), HIDDEN, WIDTH);
      writer.add(layer + "mlp.down_proj.weight", values(random, WIDTH * HIDDEN), WIDTH, HIDDEN);
    }
    Path file = folder.resolve(name + ".safetensors");
    writer.write(file);
    return file;
  }

  /** Each of the two heads twice in a row. */
  private static float[] repeated(float[] two) {
    int head = HEAD * WIDTH;
    float[] four = new float[4 * head];
    for (int i = 0; i < 4; i++) {
      System.arraycopy(two, i / 2 * head, four, i * head, head);
    }
    return four;
  }

  private static float[] values(Random random, int count) {
    return RandomValues.gaussian(random, count, 0.4);
  }
}
