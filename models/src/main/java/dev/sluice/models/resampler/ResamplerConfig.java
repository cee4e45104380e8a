package dev.sluice.models.resampler;

/**
 * Sizes of a resampler. Immutable.
 *
 * @param visionWidth features of a patch
 * @param width E of the language model
 * @param side queries along one side; Q = side · side
 */
public record ResamplerConfig(int visionWidth, int width, int heads, int side) {
  /** Of the three layer norms. */
  static final double EPSILON = 1e-6;

  public ResamplerConfig {
    if (heads < 1 || width % heads != 0 || side < 1) {
      throw new IllegalArgumentException(
          "resampler: width %d does not divide into %d heads, or %d queries a side are too few"
              .formatted(width, heads, side));
    }
  }

  public int queries() {
    return side * side;
  }

  public int headSize() {
    return width / heads;
  }
}
