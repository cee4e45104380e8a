package dev.sluice.models.families.parts;

import dev.sluice.models.ImageCosts;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.vision.VisionConfig;

/**
 * What one picture needs, by counting the tensors that are alive together. Immutable.
 *
 * <p>A layer's temporaries live until the layer ends, so the peak is one layer's, not the tower's.
 */
public record PictureCosts(Tiles tiles, Tower tower, long connectorElements, Text text) {
  private static final int CHANNELS = 3;
  private static final int FLOAT_BYTES = 4;

  /**
   * @param count most tiles of a picture
   * @param pixels of one tile
   */
  public record Tiles(int count, long pixels) {}

  /** A vision transformer by its sizes. */
  public record Tower(int patchSize, int hiddenSize, int intermediateSize) {
    public static Tower of(VisionConfig config) {
      return new Tower(config.patchSize(), config.hiddenSize(), config.intermediateSize());
    }

    /** Patches and a class token of a tile. */
    long tokens(long pixels) {
      return pixels / ((long) patchSize * patchSize) + 2;
    }

    /** Elements of a tile's temporaries. */
    long elements(long pixels) {
      return tokens(pixels) * (10L * hiddenSize + 2L * intermediateSize);
    }
  }

  /**
   * @param visualTokens of a picture with all its tiles
   * @param width features of a visual token
   * @param positions of the longest prompt that is counted on
   * @param rowElements temporaries of one position
   */
  public record Text(int visualTokens, int width, int positions, long rowElements, int vocabulary) {
    /** A model that writes no text: its visual tokens alone. */
    public static Text none(int visualTokens, int width) {
      return new Text(visualTokens, width, 0, 0, 0);
    }
  }

  /** In bytes, computed in {@code dtype}; float32 copies of pixels and logits are counted. */
  public ImageCosts bytes(Dtype dtype) {
    long pixelBytes = tiles.pixels() * CHANNELS * (1 + FLOAT_BYTES + 2L * dtype.bytes());
    long elements = tower.elements(tiles.pixels()) + connectorElements;
    return new ImageCosts(
        tiles.count() * tiles.pixels() * CHANNELS,
        tiles.count() * (pixelBytes + elements * dtype.bytes()),
        (long) text.visualTokens() * text.width() * dtype.bytes(),
        text.positions() * text.rowElements() * dtype.bytes()
            + 3L * text.vocabulary() * FLOAT_BYTES);
  }
}
