package dev.sluice.models.families;

import dev.sluice.models.VisualEncoder;
import dev.sluice.models.layers.GridFeatures;
import dev.sluice.models.layers.PatchGrid;
import dev.sluice.models.resampler.Resampler;
import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.tensor.TorchRuntime;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.Size;
import dev.sluice.models.value.SlicedPicture;
import dev.sluice.models.value.VisualTokens;
import dev.sluice.models.vision.ClipVisionTransformer;
import dev.sluice.models.vision.PixelNormalizer;
import dev.sluice.models.vision.TileGroup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * Encodes and resamples the tiles of many pictures in one batch: tiles of one size stand together,
 * whichever pictures they come from. Owned by the device thread.
 *
 * <p>A picture's tokens are its slices' row by row, then its overview's.
 */
final class TileEncoder implements VisualEncoder {
  private final PixelNormalizer normalizer;
  private final ClipVisionTransformer tower;
  private final Resampler resampler;
  private final Shape shape;

  /**
   * @param patchSize pixels
   * @param width E of the language model
   */
  record Shape(int patchSize, int width, Dtype dtype) {}

  /** Where a tile belongs. */
  private record Tile(int picture, int index, RgbImage image) {}

  /** Looks at the stages of every tile while their tensors are there. */
  interface Observer {
    Observer NONE = (tile, pixels, features, tokens) -> {};

    /**
     * @param tile index within its picture
     * @param pixels [3, height, width]
     * @param features [P, vision width]
     * @param tokens [Q, E]
     */
    void tile(int tile, Tensor pixels, Tensor features, Tensor tokens);
  }

  TileEncoder(
      PixelNormalizer normalizer, ClipVisionTransformer tower, Resampler resampler, Shape shape) {
    this.normalizer = normalizer;
    this.tower = tower;
    this.resampler = resampler;
    this.shape = shape;
  }

  @Override
  public List<VisualTokens> encode(List<SlicedPicture> pictures) {
    return encode(pictures, Observer.NONE);
  }

  List<VisualTokens> encode(List<SlicedPicture> pictures, Observer observer) {
    if (pictures.isEmpty()) {
      return List.of();
    }
    int tileBytes = resampler.queries() * shape.width() * shape.dtype().bytes();
    List<byte[]> data = new ArrayList<>();
    pictures.forEach(picture -> data.add(new byte[tileBytes * picture.plan().tileCount()]));
    List<List<Tile>> tiles = bySize(pictures);
    try (TorchRuntime.Inference inference = TorchRuntime.inference();
        TensorScope scope = new TensorScope()) {
      List<TileGroup> groups = tiles.stream().map(this::group).toList();
      List<GridFeatures> features = tower.apply(groups);
      for (int g = 0; g < groups.size(); g++) {
        Tensor tokens = resampler.apply(features.get(g)); // [B, Q, E]
        byte[] bytes = Tensors.toBytes(tokens);
        for (int i = 0; i < tiles.get(g).size(); i++) {
          Tile tile = tiles.get(g).get(i);
          byte[] target = data.get(tile.picture());
          System.arraycopy(bytes, i * tileBytes, target, tile.index() * tileBytes, tileBytes);
          observer.tile(
              tile.index(),
              groups.get(g).pixels().select(0, i),
              features.get(g).features().select(0, i),
              tokens.select(0, i));
        }
      }
    }
    List<VisualTokens> results = new ArrayList<>();
    for (int i = 0; i < pictures.size(); i++) {
      int rows = resampler.queries() * pictures.get(i).plan().tileCount();
      results.add(
          new VisualTokens(
              pictures.get(i).plan(), rows, shape.width(), shape.dtype(), data.get(i)));
    }
    return results;
  }

  private static List<List<Tile>> bySize(List<SlicedPicture> pictures) {
    Map<Size, List<Tile>> tiles = new LinkedHashMap<>();
    for (int i = 0; i < pictures.size(); i++) {
      SlicedPicture picture = pictures.get(i);
      for (int j = 0; j < picture.slices().size(); j++) {
        add(tiles, new Tile(i, j, picture.slices().get(j)));
      }
      add(tiles, new Tile(i, picture.slices().size(), picture.overview()));
    }
    return List.copyOf(tiles.values());
  }

  private static void add(Map<Size, List<Tile>> tiles, Tile tile) {
    tiles.computeIfAbsent(tile.image().size(), unused -> new ArrayList<>()).add(tile);
  }

  private TileGroup group(List<Tile> tiles) {
    RgbImage first = tiles.get(0).image();
    PatchGrid grid =
        new PatchGrid(first.height() / shape.patchSize(), first.width() / shape.patchSize());
    return new TileGroup(grid, normalizer.apply(tiles.stream().map(Tile::image).toList()));
  }
}
