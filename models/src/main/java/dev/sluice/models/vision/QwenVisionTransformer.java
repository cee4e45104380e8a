package dev.sluice.models.vision;

import dev.sluice.models.layers.AdapterRows;
import dev.sluice.models.layers.GridFeatures;
import dev.sluice.models.layers.LayerNorm;
import dev.sluice.models.layers.PatchGrid;
import dev.sluice.models.layers.Segments;
import dev.sluice.models.weights.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * The ViT-bigG tower of Qwen-VL, and of Monkey, where every window of a picture has an adapter of
 * its own and the overview has none. Owned by the device thread.
 *
 * <p>Bai et al. 2023, Li et al. 2023 (arXiv 2311.06607); {@code visual.py} of Yuliang-Liu/Monkey at
 * 498e1d9. All windows and overviews of a batch run together: the tiles are sorted by their place
 * in the picture, so that each adapter sees one run of rows however many pictures there are.
 */
public final class QwenVisionTransformer implements VisionTower {
  private final int windows;
  private final PatchEmbedding embedding;
  private final LayerNorm preNorm;
  private final List<QwenVisionLayer> layers = new ArrayList<>();

  /**
   * Loads from the scope {@code visual}.
   *
   * @param windows adapters, one for each window of a picture; 0 where a picture is its overview
   *     alone
   */
  public static QwenVisionTransformer load(Weights weights, VisionConfig config, int windows) {
    return new QwenVisionTransformer(weights, config, windows);
  }

  private QwenVisionTransformer(Weights weights, VisionConfig config, int windows) {
    this.windows = windows;
    this.embedding = PatchEmbedding.qwen(weights, config);
    this.preNorm =
        LayerNorm.load(weights.under("ln_pre"), config.hiddenSize(), config.layerNormEpsilon());
    for (int i = 0; i < config.layers(); i++) {
      Weights block = weights.under("transformer").under("resblocks", i);
      layers.add(QwenVisionLayer.load(block, config, windows));
    }
  }

  /**
   * @param groups the tiles of a picture stand together, its windows first and its overview last
   */
  @Override
  public List<GridFeatures> apply(List<TileGroup> groups) {
    return groups.stream().map(this::apply).toList();
  }

  private GridFeatures apply(TileGroup group) {
    int places = windows + 1;
    if (group.tiles() % places != 0) {
      throw new IllegalArgumentException(
          "vision tower: expected %d tiles for each picture, found %d in all"
              .formatted(places, group.tiles()));
    }
    int pictures = group.tiles() / places;
    PatchGrid grid = group.grid();
    List<TileGroup> sorted =
        List.of(new TileGroup(grid, swapped(group.pixels(), pictures, places)));
    Segments segments = embedding.segments(sorted);
    Tensor x = preNorm.apply(embedding.apply(sorted, segments)); // [B P, E]
    AdapterRows rows = AdapterRows.ofSegments(adapters(), (long) pictures * grid.patches());
    layers.forEach(layer -> layer.update(x, group.tiles(), rows));
    Tensor features = segments.groups().get(0).of(x); // [B, P, E]
    return new GridFeatures(grid, swapped(features, places, pictures));
  }

  /** The adapter of each place in a picture. */
  private int[] adapters() {
    int[] adapters = new int[windows + 1];
    Arrays.setAll(adapters, place -> place < windows ? place : AdapterRows.NONE);
    return adapters;
  }

  /** Tiles [B, ..] by outer and inner number to tiles by inner and outer number. */
  private static Tensor swapped(Tensor tiles, long outer, long inner) {
    return tiles.reshape(outer, inner, -1).transpose(0, 1).reshape(tiles.shape());
  }
}
