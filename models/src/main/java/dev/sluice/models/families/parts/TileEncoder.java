package dev.sluice.models.families.parts;

import dev.sluice.models.VisualEncoder;
import dev.sluice.models.layers.GridFeatures;
import dev.sluice.models.layers.PatchGrid;
import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.tensor.TorchRuntime;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.Size;
import dev.sluice.models.value.SlicedPicture;
import dev.sluice.models.value.VisualTokens;
import dev.sluice.models.vision.TileGroup;
import dev.sluice.models.vision.TilePixels;
import dev.sluice.models.vision.VisionTower;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * Encodes the tiles of many pictures in one batch: tiles of one size stand together, whichever
 * pictures they come from. Owned by the device thread.
 *
 * <p>A picture's tokens are its slices' row by row, then its overview's.
 */
public final class TileEncoder implements VisualEncoder {
  private final TilePixels pixels;
  private final VisionTower tower;
  private final Connector connector;
  private final Shape shape;

  /**
   * @param patchSize pixels
   * @param width E, features of a visual token
   */
  public record Shape(int patchSize, int width, Dtype dtype) {}

  /** Where a tile belongs. */
  private record Tile(int picture, int index, RgbImage image) {}

  /** Looks at the stages of every tile while their tensors are there. */
  @FunctionalInterface
  public interface Observer {
    /** Looks away. */
    Observer NONE = (stage, tile, tensor) -> {};

    /**
     * @param stage {@code pixel_values} [3, height, width], {@code vision_last_hidden} [P, vision
     *     width], what the connector shows, and {@code projector} [Q, E]
     * @param tile index within its picture
     */
    void stage(String stage, int tile, Tensor tensor);
  }

  public TileEncoder(TilePixels pixels, VisionTower tower, Connector connector, Shape shape) {
    this.pixels = pixels;
    this.tower = tower;
    this.connector = connector;
    this.shape = shape;
  }

  /** A tower alone: its rows are the visual tokens. */
  public static TileEncoder ofTower(TilePixels pixels, VisionTower tower, Shape shape) {
    return new TileEncoder(pixels, tower, (tiles, observer) -> tiles.features(), shape);
  }

  @Override
  public List<VisualTokens> encode(List<SlicedPicture> pictures) {
    return encode(pictures, Observer.NONE);
  }

  /** {@link #encode(List)} under the eyes of an observer. */
  public List<VisualTokens> encode(List<SlicedPicture> pictures, Observer observer) {
    if (pictures.isEmpty()) {
      return List.of();
    }
    List<byte[][]> data = new ArrayList<>();
    pictures.forEach(picture -> data.add(new byte[picture.plan().tileCount()][]));
    List<List<Tile>> tiles = bySize(pictures);
    try (TorchRuntime.Inference inference = TorchRuntime.inference();
        TensorScope scope = new TensorScope()) {
      List<TileGroup> groups = tiles.stream().map(this::group).toList();
      List<GridFeatures> features = tower.apply(groups);
      for (int g = 0; g < groups.size(); g++) {
        List<Tile> group = tiles.get(g);
        StageObserver stages = (stage, batch) -> show(observer, stage, group, batch);
        stages.stage("pixel_values", groups.get(g).pixels());
        stages.stage("vision_last_hidden", features.get(g).features());
        Tensor tokens = connector.apply(features.get(g), stages); // [B, Q, E]
        stages.stage("projector", tokens);
        distribute(Tensors.toBytes(tokens), group, data);
      }
    }
    List<VisualTokens> results = new ArrayList<>();
    for (int i = 0; i < pictures.size(); i++) {
      results.add(tokens(pictures.get(i), data.get(i)));
    }
    return results;
  }

  private static void show(Observer observer, String stage, List<Tile> tiles, Tensor batch) {
    if (observer != Observer.NONE) {
      for (int i = 0; i < tiles.size(); i++) {
        observer.stage(stage, tiles.get(i).index(), batch.select(0, i));
      }
    }
  }

  private static void distribute(byte[] bytes, List<Tile> tiles, List<byte[][]> data) {
    int tileBytes = bytes.length / tiles.size();
    for (int i = 0; i < tiles.size(); i++) {
      byte[] rows = new byte[tileBytes];
      System.arraycopy(bytes, i * tileBytes, rows, 0, tileBytes);
      data.get(tiles.get(i).picture())[tiles.get(i).index()] = rows;
    }
  }

  private VisualTokens tokens(SlicedPicture picture, byte[][] tiles) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] tile : tiles) {
      all.writeBytes(tile);
    }
    int rows = all.size() / (shape.width() * shape.dtype().bytes());
    return new VisualTokens(picture.plan(), rows, shape.width(), shape.dtype(), all.toByteArray());
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
    return new TileGroup(grid, pixels.apply(tiles.stream().map(Tile::image).toList()));
  }
}
