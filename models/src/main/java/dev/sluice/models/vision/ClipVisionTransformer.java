package dev.sluice.models.vision;

import dev.sluice.models.layers.Bicubic;
import dev.sluice.models.layers.GridCache;
import dev.sluice.models.layers.GridFeatures;
import dev.sluice.models.layers.LayerNorm;
import dev.sluice.models.layers.PatchGrid;
import dev.sluice.models.layers.Segments;
import dev.sluice.models.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The CLIP vision transformer on tiles of any aspect ratio, mixed in one batch. Owned by the device
 * thread.
 *
 * <p>Radford et al. 2021; LLaVA-UHD {@code adapt_clip_vision_model.py}: the learned position table
 * is resized to each tile's patch grid, the class token keeps its own position. Tiles of one grid
 * stand together in the packed matrix [N, E], N = Σ tiles · (P + 1), and attend within themselves.
 */
public final class ClipVisionTransformer {
  private static final int CHANNELS = 3;

  private final VisionConfig config;
  private final Tensor patchEmbedding; // [E, 3 patch patch]
  private final Tensor classEmbedding; // [1, E]
  private final Tensor positions; // [1 + P, E] of the learned grid
  private final GridCache tables;
  private final LayerNorm preNorm;
  private final List<ClipLayer> layers = new ArrayList<>();

  /**
   * Loads from the scope {@code vision_model}.
   *
   * @param layers how many layers to run; later ones and the post-norm are not loaded
   */
  public static ClipVisionTransformer load(Weights weights, VisionConfig config, int layers) {
    return new ClipVisionTransformer(weights, config, layers);
  }

  private ClipVisionTransformer(Weights weights, VisionConfig config, int layerCount) {
    this.config = config;
    int width = config.hiddenSize();
    int patch = config.patchSize();
    int rows = config.gridSide() * config.gridSide() + 1;
    Weights embeddings = weights.under("embeddings");
    Tensor convolution = embeddings.tensor("patch_embedding.weight", width, CHANNELS, patch, patch);
    this.patchEmbedding = weights.keep(convolution.reshape(width, (long) CHANNELS * patch * patch));
    this.classEmbedding = weights.keep(embeddings.tensor("class_embedding", width).view(1, width));
    this.positions = embeddings.tensor("position_embedding.weight", rows, width);
    this.tables = new GridCache(weights, this::table);
    this.preNorm = LayerNorm.load(weights.under("pre_layrnorm"), width, config.layerNormEpsilon());
    for (int i = 0; i < layerCount; i++) {
      layers.add(ClipLayer.load(weights.under("encoder").under("layers", i), config));
    }
  }

  /**
   * @return patch features without the class token, one per group and in its order
   */
  public List<GridFeatures> apply(List<TileGroup> groups) {
    Segments segments = segments(groups);
    Tensor x = preNorm.apply(embed(groups, segments)); // [N, E]
    layers.forEach(layer -> layer.update(x, segments));
    List<GridFeatures> features = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      PatchGrid grid = groups.get(i).grid();
      features.add(new GridFeatures(grid, tiles(x, segments.groups().get(i), grid)));
    }
    return features;
  }

  private static Segments segments(List<TileGroup> groups) {
    List<Segments.Group> segments = new ArrayList<>();
    int row = 0;
    for (TileGroup group : groups) {
      Segments.Group segment = new Segments.Group(row, group.tiles(), group.grid().patches() + 1);
      segments.add(segment);
      row += segment.rows();
    }
    return new Segments(segments);
  }

  /**
   * Patches as rows, one product for all, then each grid's table. The class token's row of pixels
   * is zero, so that its embedding comes from the table too.
   */
  private Tensor embed(List<TileGroup> groups, Segments segments) {
    Tensor first = groups.get(0).pixels();
    Tensor rows =
        torch.zeros(
            new long[] {segments.rows(), patchEmbedding.size(1)}, first.options()); // [N, 3 p p]
    for (int i = 0; i < groups.size(); i++) {
      tiles(rows, segments.groups().get(i), groups.get(i).grid()).copy_(patches(groups.get(i)));
    }
    Tensor x = torch.linear(rows, patchEmbedding); // [N, E]
    for (int i = 0; i < groups.size(); i++) {
      Segments.Group segment = segments.groups().get(i);
      x.narrow(0, segment.firstRow(), segment.rows())
          .view(segment.count(), segment.length(), x.size(1))
          .add_(tables.get(groups.get(i).grid()));
    }
    return x;
  }

  /** The rows of a group's patches, class tokens left out: a view [B, P, width]. */
  private static Tensor tiles(Tensor packed, Segments.Group segment, PatchGrid grid) {
    return packed
        .narrow(0, segment.firstRow(), segment.rows())
        .view(segment.count(), segment.length(), packed.size(1))
        .narrow(1, 1, grid.patches());
  }

  /** [B, 3, height, width] to [B, P, 3 patch patch], a view where possible. */
  private Tensor patches(TileGroup group) {
    PatchGrid grid = group.grid();
    int patch = config.patchSize();
    return group
        .pixels()
        .view(group.tiles(), CHANNELS, grid.rows(), patch, grid.columns(), patch)
        .permute(0, 2, 4, 1, 3, 5)
        .reshape(group.tiles(), grid.patches(), patchEmbedding.size(1));
  }

  /** [1 + P, E]: the class token with its position, then the resized positions. */
  private Tensor table(PatchGrid grid) {
    PatchGrid learned = new PatchGrid(config.gridSide(), config.gridSide());
    Tensor patchPositions = positions.narrow(0, 1, learned.patches());
    if (!grid.equals(learned)) {
      patchPositions = Bicubic.resize(patchPositions, learned, grid);
    }
    Tensor classRow = torch.add(classEmbedding, positions.narrow(0, 0, 1));
    return torch.cat(new TensorVector(classRow, patchPositions), 0);
  }

  /** Bytes of activations that one tile of this many patches needs at the peak. */
  public static long activationBytes(VisionConfig config, long patches, int elementBytes) {
    long perToken = 3L * config.hiddenSize() * 2 + 2L * config.intermediateSize();
    return (patches + 1) * perToken * elementBytes;
  }
}
