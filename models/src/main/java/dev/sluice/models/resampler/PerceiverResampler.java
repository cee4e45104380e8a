package dev.sluice.models.resampler;

import dev.sluice.models.layers.Attention;
import dev.sluice.models.layers.Bicubic;
import dev.sluice.models.layers.GridFeatures;
import dev.sluice.models.layers.PatchGrid;
import dev.sluice.models.layers.TensorCache;
import dev.sluice.models.weights.Weights;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Every query sees every patch of its tile: the resampler of Qwen-VL and Monkey, and of LLaVA-UHD's
 * first code drop. Owned by the device thread.
 *
 * <p>Bai et al. 2023 ({@code visual.py}: 256 queries); Xu et al. 2024 (arXiv 2403.11703; {@code
 * resampler.py} at commit d0d857d: 64 queries).
 */
public final class PerceiverResampler implements Resampler {
  private final ResamplerParts parts;
  private final TensorCache<PatchGrid> shifts;

  private PerceiverResampler(Weights weights, ResamplerConfig config) {
    this.parts = new ResamplerParts(weights, config);
    this.shifts = new TensorCache<>(weights, this::shift);
  }

  /** Loads from a scope that holds {@code ln_post} and {@code proj} too. */
  public static PerceiverResampler load(Weights weights, ResamplerConfig config) {
    return new PerceiverResampler(weights, config);
  }

  @Override
  public Tensor apply(GridFeatures tiles) {
    return project(attend(tiles));
  }

  /** What the queries gather from each tile, [B, Q, E], before it is normed and projected. */
  public Tensor attend(GridFeatures tiles) {
    ResamplerConfig config = parts.config();
    long batch = tiles.tiles();
    Tensor both =
        parts.keysAndValues(tiles.features()).add_(shifts.get(tiles.grid())); // [B, P, 2E]
    Tensor split =
        both.view(batch, tiles.grid().patches(), 2, config.heads(), config.headSize())
            .permute(2, 0, 3, 1, 4); // [2, B, H, P, D]
    Tensor queries =
        parts
            .queries()
            .transpose(0, 1)
            .unsqueeze(0)
            .expand(batch, config.heads(), config.queries(), config.headSize());
    Tensor attended = Attention.full(queries, split.select(0, 0), split.select(0, 1));
    return parts.mixHeads(
        attended.transpose(1, 2).reshape(batch, config.queries(), config.width())); // [B, Q, E]
  }

  /** The language model's tokens from what {@link #attend} gives, [B, Q, E]. */
  public Tensor project(Tensor gathered) {
    return parts.project(gathered);
  }

  /** What a grid adds to keys and values: positions and biases, [P, 2E]. */
  private Tensor shift(PatchGrid grid) {
    ResamplerConfig config = parts.config();
    PatchGrid learned = new PatchGrid(config.side(), config.side());
    Tensor keys = Bicubic.resize(parts.keyPositions(), learned, grid).add_(parts.keyBias());
    Tensor values = parts.valueBias().expand(grid.patches(), config.width());
    return torch.cat(new TensorVector(keys, values), 1);
  }
}
