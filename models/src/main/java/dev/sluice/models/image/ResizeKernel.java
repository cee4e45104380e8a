package dev.sluice.models.image;

/**
 * Which source positions each output position of one axis is made of, with fixed-point weights.
 * Immutable.
 *
 * <p>After {@code precompute_coeffs} and {@code normalize_coeffs_8bpc} of Pillow's {@code
 * libImaging/Resample.c}; doubles in the same order, so that every weight is the same integer.
 */
final class ResizeKernel {
  /** Fraction bits of a weight; a weight times 255, summed, fits 32 bits. */
  static final int PRECISION_BITS = 22;

  private static final double A = -0.5;
  private static final double RADIUS = 2.0;

  private final boolean identity;
  private final int stride;
  private final int[] first;
  private final int[] taps;
  private final int[] weights;

  private ResizeKernel(boolean identity, int stride, int[] first, int[] taps, int[] weights) {
    this.identity = identity;
    this.stride = stride;
    this.first = first;
    this.taps = taps;
    this.weights = weights;
  }

  /** The kernel from {@code in} to {@code out} positions, both at least 1. */
  static ResizeKernel bicubic(int in, int out) {
    if (in == out) {
      return identity(in);
    }
    double scale = (double) in / out;
    double filterScale = Math.max(scale, 1.0);
    double support = RADIUS * filterScale;
    int stride = Math.min((int) Math.ceil(support) * 2 + 1, in);
    int[] first = new int[out];
    int[] taps = new int[out];
    int[] weights = new int[Math.multiplyExact(stride, out)];
    double[] raw = new double[stride];
    double perPixel = 1.0 / filterScale;
    for (int x = 0; x < out; x++) {
      double centre = (x + 0.5) * scale;
      int from = Math.max((int) (centre - support + 0.5), 0);
      int count = Math.min((int) (centre + support + 0.5), in) - from;
      double sum = 0;
      for (int i = 0; i < count; i++) {
        raw[i] = cubic((i + from - centre + 0.5) * perPixel);
        sum += raw[i];
      }
      for (int i = 0; i < count; i++) {
        double weight = sum == 0 ? raw[i] : raw[i] / sum;
        weights[x * stride + i] = toFixed(weight);
      }
      first[x] = from;
      taps[x] = count;
    }
    return new ResizeKernel(false, stride, first, taps, weights);
  }

  /** One tap of weight 1 each: exact, because Pillow skips a pass that changes nothing. */
  private static ResizeKernel identity(int size) {
    int[] first = new int[size];
    int[] ones = new int[size];
    int[] weights = new int[size];
    for (int i = 0; i < size; i++) {
      first[i] = i;
      ones[i] = 1;
      weights[i] = 1 << PRECISION_BITS;
    }
    return new ResizeKernel(true, 1, first, ones, weights);
  }

  private static double cubic(double position) {
    double x = Math.abs(position);
    if (x < 1.0) {
      return ((A + 2.0) * x - (A + 3.0)) * x * x + 1;
    }
    return x < RADIUS ? (((x - 5) * x + 8) * x - 4) * A : 0.0;
  }

  private static int toFixed(double weight) {
    double scaled = weight * (1 << PRECISION_BITS);
    return (int) (weight < 0 ? scaled - 0.5 : scaled + 0.5);
  }

  boolean isIdentity() {
    return identity;
  }

  /** The most source positions that one output position needs. */
  int maxTaps() {
    return stride;
  }

  /** First source position of an output position. */
  int first(int position) {
    return first[position];
  }

  /** How many source positions from the first on. */
  int taps(int position) {
    return taps[position];
  }

  /** Where an output position's weights start in {@link #weights()}. */
  int offset(int position) {
    return position * stride;
  }

  /** All weights, 2^22 being one; shared, not copied. */
  int[] weights() {
    return weights;
  }
}
