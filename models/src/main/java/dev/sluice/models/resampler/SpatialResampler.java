package dev.sluice.models.resampler;

import dev.sluice.models.layers.Attention;
import dev.sluice.models.layers.Bicubic;
import dev.sluice.models.layers.GridFeatures;
import dev.sluice.models.layers.PatchGrid;
import dev.sluice.models.layers.TensorCache;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.weights.Weights;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The resampler of the published LLaVA-UHD checkpoint: query (r, c) sees only window (r, c) of the
 * tile, pooled by RoIAlign. Owned by the device thread.
 *
 * <p>Xu et al. 2024 (arXiv 2403.11703); {@code adapt_spatial_resampler.py} at commit dd7f6cc: 12 by
 * 12 queries. Pooling runs in float32 whatever the weights' type; the window corners stay exact,
 * where a half-precision run of the reference rounds them.
 */
public final class SpatialResampler implements Resampler {
  private final ResamplerParts parts;
  private final Weights owner;
  private final TensorCache<PatchGrid> rowPooling;
  private final TensorCache<PatchGrid> columnPooling;
  private final TensorCache<PatchGrid> shifts;

  private SpatialResampler(Weights weights, ResamplerConfig config) {
    this.parts = new ResamplerParts(weights, config);
    this.owner = weights;
    this.rowPooling =
        new TensorCache<>(weights, grid -> axis(grid.rows(), RoiAlign.poolSize(grid).rows()));
    this.columnPooling =
        new TensorCache<>(weights, grid -> axis(grid.columns(), RoiAlign.poolSize(grid).columns()));
    this.shifts = new TensorCache<>(weights, this::shift);
  }

  /** Loads from the scope {@code mm_projector}. */
  public static SpatialResampler load(Weights weights, ResamplerConfig config) {
    return new SpatialResampler(weights, config);
  }

  @Override
  public Tensor apply(GridFeatures tiles) {
    ResamplerConfig config = parts.config();
    PatchGrid grid = tiles.grid();
    long batch = tiles.tiles();
    long keys = RoiAlign.poolSize(grid).patches();
    Tensor pooled = pool(parts.keysAndValues(tiles.features()), grid); // [B, Q, keys, 2E]
    Tensor both = Tensors.to(pooled, owner.device(), owner.dtype()).add_(shifts.get(grid));
    Tensor split =
        both.view(batch * config.queries(), keys, 2, config.heads(), config.headSize())
            .permute(2, 0, 3, 1, 4); // [2, B Q, H, keys, D]
    Tensor queries =
        parts
            .queries()
            .unsqueeze(0)
            .expand(batch, config.queries(), config.heads(), config.headSize())
            .reshape(batch * config.queries(), config.heads(), 1, config.headSize());
    Tensor attended = Attention.full(queries, split.select(0, 0), split.select(0, 1));
    Tensor rows = attended.reshape(batch, config.queries(), config.width()); // [B, Q, E]
    return parts.project(parts.mixHeads(rows));
  }

  /**
   * RoIAlign of all windows.
   *
   * @param map [B, P, C]
   * @return float32 [B, Q, keys, C], windows row by row, each window's keys row by row
   */
  private Tensor pool(Tensor map, PatchGrid grid) {
    long batch = map.size(0);
    long channels = map.size(2);
    long side = parts.config().side();
    PatchGrid size = RoiAlign.poolSize(grid);
    Tensor exact = Tensors.to(map, owner.device(), Dtype.FLOAT32);
    Tensor byColumn =
        torch.matmul(
            columnPooling.get(grid),
            exact.reshape(batch * grid.rows(), grid.columns(), channels)); // [B R, side pw, C]
    Tensor byRow =
        torch.matmul(
            rowPooling.get(grid),
            byColumn.view(batch, grid.rows(), side * size.columns() * channels));
    return byRow
        .view(batch, side, size.rows(), side, size.columns(), channels)
        .permute(0, 1, 3, 2, 4, 5)
        .reshape(batch, side * side, size.patches(), channels);
  }

  private Tensor axis(int length, int bins) {
    int windows = parts.config().side();
    float[] weights = RoiAlign.axis(length, windows, bins);
    Tensor host = Tensors.ofFloats(weights, (long) windows * bins, length);
    return Tensors.to(host, owner.device(), Dtype.FLOAT32);
  }

  /** What a grid adds to pooled keys and values: pooled positions and biases, [Q, keys, 2E]. */
  private Tensor shift(PatchGrid grid) {
    ResamplerConfig config = parts.config();
    PatchGrid learned = new PatchGrid(config.side(), config.side());
    Tensor table = Tensors.to(parts.keyPositions(), owner.device(), Dtype.FLOAT32);
    Tensor map = Bicubic.resize(table, learned, grid).unsqueeze(0); // [1, P, E]
    Tensor keys = pool(map, grid).squeeze(0).add_(parts.keyBias()); // [Q, keys, E]
    Tensor values = Tensors.to(parts.valueBias(), owner.device(), Dtype.FLOAT32).expand_as(keys);
    Tensor both = torch.cat(new TensorVector(keys, values), 2);
    return Tensors.to(both, owner.device(), owner.dtype());
  }
}
