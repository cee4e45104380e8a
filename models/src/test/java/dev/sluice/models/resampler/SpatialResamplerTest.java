package dev.sluice.models.resampler;

import static dev.sluice.models.weights.RandomValues.gaussian;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.models.layers.GridFeatures;
import dev.sluice.models.layers.PatchGrid;
import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.tensor.TorchRuntime;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.weights.SafetensorsWriter;
import dev.sluice.models.weights.Weights;
import java.nio.file.Path;
import java.util.Random;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attention goes other ways in bfloat16 than in float32: the same tokens. */
class SpatialResamplerTest {
  private static final ResamplerConfig CONFIG = new ResamplerConfig(32, 256, 4, 4);
  private static final int TILES = 30;
  private static final PatchGrid GRID = new PatchGrid(6, 6);

  /** Of results of a few units, rounded to 8 bits several times. */
  private static final float ROUNDING = 0.15f;

  @TempDir private Path folder;

  /** One query a window: with many tiles their keys are many, each window's few. */
  @Test
  void manyTiles_giveTheSameTokensInBothTypes() {
    Path file = folder.resolve("model.safetensors");
    write(file);
    float[] features = gaussian(new Random(2), TILES * GRID.patches() * CONFIG.visionWidth(), 1);
    float[] expected = run(file, Dtype.FLOAT32, features);
    float[] found = run(file, Dtype.BFLOAT16, features);
    assertThat(expected).hasSize(TILES * CONFIG.queries() * CONFIG.width());
    assertThat(found).containsExactly(expected, within(ROUNDING));
  }

  private static void write(Path file) {
    Random random = new Random(1);
    int width = CONFIG.width();
    float projecting = (float) (1 / Math.sqrt(width));
    SafetensorsWriter writer = new SafetensorsWriter();
    for (String norm : new String[] {"ln_q", "ln_kv", "ln_post"}) {
      writer.add(norm + ".weight", gaussian(random, width, 1), width);
      writer.add(norm + ".bias", gaussian(random, width, 1), width);
    }
    int vision = CONFIG.visionWidth();
    writer.add("kv_proj.weight", gaussian(random, width * vision, 0.2f), width, vision);
    writer.add("query", gaussian(random, CONFIG.queries() * width, 1), CONFIG.queries(), width);
    writer.add("pos_embed", gaussian(random, CONFIG.queries() * width, 1), CONFIG.queries(), width);
    writer.add(
        "attn.in_proj_weight", gaussian(random, 3 * width * width, projecting), 3L * width, width);
    writer.add("attn.in_proj_bias", gaussian(random, 3 * width, 1), 3L * width);
    writer.add("attn.out_proj.weight", gaussian(random, width * width, projecting), width, width);
    writer.add("attn.out_proj.bias", gaussian(random, width, 1), width);
    writer.add("proj", gaussian(random, width * width, projecting), width, width);
    writer.write(file);
  }

  private static float[] run(Path file, Dtype dtype, float[] features) {
    try (TorchRuntime.Inference inference = TorchRuntime.inference();
        TensorScope scope = new TensorScope();
        Weights weights = Weights.open(Device.CPU, dtype, file)) {
      SpatialResampler resampler = SpatialResampler.load(weights, CONFIG);
      Tensor tiles = Tensors.ofFloats(features, TILES, GRID.patches(), CONFIG.visionWidth());
      GridFeatures input = new GridFeatures(GRID, Tensors.to(tiles, Device.CPU, dtype));
      return Tensors.toFloats(resampler.apply(input));
    }
  }
}
