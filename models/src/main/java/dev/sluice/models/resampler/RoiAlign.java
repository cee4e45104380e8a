package dev.sluice.models.resampler;

import dev.sluice.models.layers.PatchGrid;

/**
 * RoIAlign over a regular grid of windows, written as one matrix per axis. Stateless, plain Java.
 *
 * <p>torchvision {@code csrc/ops/cpu/roi_align_kernel.cpp} with aligned = false, sampling_ratio =
 * -1: its weights are products of one weight per axis, so pooling a map F is A F Bᵀ.
 */
final class RoiAlign {
  private static final int[][] POOL_SIZES = {
    {4, 2}, {3, 2}, {4, 3}, {3, 3}, {2, 4}, {2, 3}, {3, 4}
  }; // width, height

  private RoiAlign() {}

  /**
   * How a window is pooled: rows and columns of the candidate closest to the picture's shape, the
   * first of equals.
   */
  static PatchGrid poolSize(PatchGrid grid) {
    double shape = Math.log((double) grid.columns() / grid.rows());
    int[] best = POOL_SIZES[0];
    double smallest = Double.POSITIVE_INFINITY;
    for (int[] size : POOL_SIZES) {
      double difference = Math.abs(shape - Math.log((double) size[0] / size[1]));
      if (difference < smallest) {
        best = size;
        smallest = difference;
      }
    }
    return new PatchGrid(best[1], best[0]);
  }

  /**
   * The weights of one axis.
   *
   * @param length patches along the axis
   * @param windows windows along the axis, each {@code length / windows} long
   * @param bins pooled values of one window
   * @return [windows · bins, length], row by row
   */
  static float[] axis(int length, int windows, int bins) {
    float[] matrix = new float[windows * bins * length];
    double step = (double) length / windows;
    for (int window = 0; window < windows; window++) {
      double start = (float) (window * step);
      double end = (float) ((window + 1) * step);
      double bin = Math.max(end - start, 1) / bins; // a window is at least one patch long
      int samples = (int) Math.ceil(bin);
      for (int i = 0; i < bins; i++) {
        int row = (window * bins + i) * length;
        for (int j = 0; j < samples; j++) {
          double at = start + i * bin + (j + 0.5) * bin / samples;
          addSample(matrix, row, length, at, 1.0 / samples);
        }
      }
    }
    return matrix;
  }

  /** Adds a sample's linear weights; one beyond the map counts as zero. */
  private static void addSample(float[] matrix, int row, int length, double at, double weight) {
    if (at < -1 || at > length) {
      return;
    }
    double inside = Math.max(at, 0);
    int low = (int) inside;
    if (low >= length - 1) {
      matrix[row + length - 1] += (float) weight;
      return;
    }
    double fraction = inside - low;
    matrix[row + low] += (float) ((1 - fraction) * weight);
    matrix[row + low + 1] += (float) (fraction * weight);
  }
}
