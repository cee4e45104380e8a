package dev.sluice.models.value;

import org.jspecify.annotations.Nullable;

/**
 * How a picture is cut: an overview, and a grid of equal slices unless the picture is small.
 * Immutable.
 *
 * @param source size of the decoded picture
 * @param overview size that the whole picture is resized to
 * @param slice size of one slice, or null where the picture is not sliced
 * @param columns columns of the grid, 0 where the picture is not sliced
 * @param rows rows of the grid, 0 where the picture is not sliced
 * @param preResized size that the picture is brought to before everything else, or null where it is
 *     taken as it is
 * @param fullSlices slices that the model wants of this picture, more than there are where somebody
 *     asked for fewer
 */
public record SlicePlan(
    Size source,
    Size overview,
    @Nullable Size slice,
    int columns,
    int rows,
    @Nullable Size preResized,
    int fullSlices) {
  public SlicePlan {
    boolean sliced = slice != null;
    if (sliced ? columns < 1 || rows < 1 : columns != 0 || rows != 0) {
      throw new IllegalArgumentException(
          "slice plan of %s: grid %dx%d does not fit slices of %s"
              .formatted(source, columns, rows, slice));
    }
    if (fullSlices < columns * rows) {
      throw new IllegalArgumentException(
          "slice plan of %s: expected at most the %d slices that the model wants, found a grid of %dx%d"
              .formatted(source, fullSlices, columns, rows));
    }
  }

  /** A plan that takes the picture as it is, with all slices that the model wants of it. */
  public SlicePlan(Size source, Size overview, @Nullable Size slice, int columns, int rows) {
    this(source, overview, slice, columns, rows, null, columns * rows);
  }

  /** A plan without slices: the overview alone. */
  public static SlicePlan overviewOnly(Size source, Size overview) {
    return new SlicePlan(source, overview, null, 0, 0);
  }

  /** The same plan for a picture that is first brought to another size. */
  public SlicePlan afterResize(Size from, Size to) {
    return new SlicePlan(from, overview, slice, columns, rows, to, fullSlices);
  }

  /** The same plan, taken in place of one that has more slices. */
  public SlicePlan insteadOf(SlicePlan full) {
    return new SlicePlan(source, overview, slice, columns, rows, preResized, full.sliceCount());
  }

  /** Whether the model would want more slices of this picture. */
  public boolean isDegraded() {
    return sliceCount() < fullSlices;
  }

  public int sliceCount() {
    return columns * rows;
  }

  /** Slices and the overview. */
  public int tileCount() {
    return sliceCount() + 1;
  }

  /** The size that the picture is resized to before it is cut, or null where it is not sliced. */
  public @Nullable Size refined() {
    return slice == null ? null : new Size(slice.width() * columns, slice.height() * rows);
  }

  /** The smallest size that covers all sizes that the picture is resized to for its tiles. */
  public Size largest() {
    Size slices = refined();
    return slices == null
        ? overview
        : new Size(
            Math.max(overview.width(), slices.width()),
            Math.max(overview.height(), slices.height()));
  }

  /** Pixels of all tiles together. */
  public long tilePixels() {
    return overview.pixels() + (slice == null ? 0 : slice.pixels() * sliceCount());
  }
}
