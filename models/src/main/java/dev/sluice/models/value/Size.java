package dev.sluice.models.value;

/** A width and a height in pixels. Immutable. */
public record Size(int width, int height) {
  public Size {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "size: expected at least 1x1, found " + width + "x" + height);
    }
  }

  /** Area in pixels. */
  public long pixels() {
    return (long) width * height;
  }

  @Override
  public String toString() {
    return width + "x" + height;
  }
}
