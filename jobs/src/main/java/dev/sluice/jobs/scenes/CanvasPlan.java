package dev.sluice.jobs.scenes;

/**
 * What the slicing of the embedded model keeps of a picture: the refined canvas and where it is
 * cut. Objects are sized relative to this canvas, so that small print can be read in slices and not
 * in the overview, whatever the picture's own size. Immutable.
 *
 * @param columns slices side by side; 1 without slices
 * @param rows slices above each other; 1 without slices
 * @param sliceWidth pixels of a slice
 * @param sliceHeight pixels of a slice
 */
public record CanvasPlan(int columns, int rows, int sliceWidth, int sliceHeight) {
  private static final int SCALE = 96;
  private static final int PATCH = 8;
  private static final int MAX_SLICES = 6;

  public int width() {
    return columns * sliceWidth;
  }

  public int height() {
    return rows * sliceHeight;
  }

  /** The plan for a picture of this size (LLaVA-UHD's slicing with the embedded model's sizes). */
  public static CanvasPlan of(int width, int height) {
    int wanted = (int) Math.min(Math.ceil((double) width * height / (SCALE * SCALE)), MAX_SLICES);
    if (wanted <= 1) {
      return resized(1, 1, width, height);
    }
    int columns = 1;
    int rows = 1;
    double smallest = Double.POSITIVE_INFINITY;
    for (int count = Math.max(2, wanted - 1); count <= Math.min(wanted + 1, MAX_SLICES); count++) {
      for (int c = 1; c <= count; c++) {
        int r = count / c;
        double error =
            Math.abs(
                StrictMath.log((double) width / height) - StrictMath.log((double) c / (double) r));
        if (count % c == 0 && error < smallest) {
          columns = c;
          rows = r;
          smallest = error;
        }
      }
    }
    return resized(
        columns,
        rows,
        floorTo(width, columns) / (double) columns,
        floorTo(height, rows) / (double) rows);
  }

  private static CanvasPlan resized(int columns, int rows, double width, double height) {
    double ratio = width / height;
    int h = (int) (SCALE / Math.sqrt(ratio));
    int w = (int) (h * ratio);
    return new CanvasPlan(columns, rows, floorTo(w, PATCH), floorTo(h, PATCH));
  }

  private static int floorTo(int value, int step) {
    return Math.max(value / step * step, step);
  }

  /** Whether a cut between slices runs through the box. */
  boolean cuts(Box box) {
    for (int c = 1; c < columns; c++) {
      if (box.x() < c * sliceWidth && box.x() + box.width() > c * sliceWidth) {
        return true;
      }
    }
    for (int r = 1; r < rows; r++) {
      if (box.y() < r * sliceHeight && box.y() + box.height() > r * sliceHeight) {
        return true;
      }
    }
    return false;
  }
}
