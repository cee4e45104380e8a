package dev.sluice.models.value;

/**
 * What a picture becomes for the language model: one row of features per visual token, the slices'
 * rows first, row by row, the overview's last. Immutable.
 *
 * <p>It lives in host memory, so that an image between two operators owns nothing on the device and
 * can be kept, copied and sent like any record.
 */
public final class VisualTokens {
  private final SlicePlan plan;
  private final int rows;
  private final int width;
  private final Dtype dtype;
  private final byte[] data;

  /**
   * @param rows visual tokens of all tiles, T
   * @param width features of one token, E
   * @param data [T, E] in {@code dtype}, little endian; shared, not copied
   */
  public VisualTokens(SlicePlan plan, int rows, int width, Dtype dtype, byte[] data) {
    long expected = (long) rows * width * dtype.bytes();
    if (data.length != expected) {
      throw new IllegalArgumentException(
          "visual tokens [%d, %d] %s: expected %d bytes, found %d"
              .formatted(rows, width, dtype.label(), expected, data.length));
    }
    this.plan = plan;
    this.rows = rows;
    this.width = width;
    this.dtype = dtype;
    this.data = data;
  }

  public SlicePlan plan() {
    return plan;
  }

  public int rows() {
    return rows;
  }

  public int width() {
    return width;
  }

  public Dtype dtype() {
    return dtype;
  }

  /** [rows, width] in {@link #dtype()}, little endian; shared, not copied. */
  public byte[] data() {
    return data;
  }

  @Override
  public String toString() {
    return "VisualTokens[" + rows + ", " + width + "] " + dtype.label();
  }
}
