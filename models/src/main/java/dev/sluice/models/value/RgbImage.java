package dev.sluice.models.value;

/**
 * An 8-bit RGB picture, rows from the top, three bytes a pixel: uint8 [height, width, 3].
 * Immutable.
 */
public final class RgbImage {
  private final int width;
  private final int height;
  private final byte[] rgb;

  /**
   * @param rgb height * width * 3 bytes; shared, not copied
   */
  public RgbImage(int width, int height, byte[] rgb) {
    if (width < 1 || height < 1 || rgb.length != 3L * width * height) {
      throw new IllegalArgumentException(
          "picture %dx%d: expected %d bytes of RGB, found %d"
              .formatted(width, height, 3L * width * height, rgb.length));
    }
    this.width = width;
    this.height = height;
    this.rgb = rgb;
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  public Size size() {
    return new Size(width, height);
  }

  /** The pixels, uint8 [height, width, 3]; shared, not copied. */
  public byte[] rgb() {
    return rgb;
  }

  @Override
  public String toString() {
    return "RgbImage[" + width + "x" + height + "]";
  }
}
