package dev.sluice.models.image;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Which source positions each output position of one axis is made of, with fixed-point weights.
 * Immutable.
 *
 * <p>After {@code precompute_coeffs} and {@code normalize_coeffs_8bpc} of Pillow's {@code
 * libImaging/Resample.c}; doubles in the same order, so that every weight is the same integer.
 */
final class ResizeKernel {
  private final int stride;
  private final int fractionBits;
  private final int[] first;
  private final int[] taps;
  private final int[] weights;

  private ResizeKernel(int stride, int fractionBits, int[] first, int[] taps, int[] weights) {
    this.stride = stride;
    this.fractionBits = fractionBits;
    this.first = first;
    this.taps = taps;
    this.weights = weights;
  }

  /** The kernel from {@code in} to {@code out} positions, both at least 1. */
  static ResizeKernel of(PictureResizer resizer, int in, int out) {
    if (in == out) {
      return identity(in);
    }
    ResizeFilter filter = resizer.filter();
    double scale = (double) in / out;
    double filterScale = Math.max(scale, 1.0);
    double support = filter.radius() * filterScale;
    int stride = Math.min((int) Math.ceil(support) * 2 + 1, in);
    int[] first = new int[out];
    int[] taps = new int[out];
    double[] weights = new double[Math.multiplyExact(stride, out)];
    double perPixel = 1.0 / filterScale;
    double largest = 0;
    for (int x = 0; x < out; x++) {
      double centre = (x + 0.5) * scale;
      int from = Math.max((int) (centre - support + 0.5), 0);
      int count = Math.min((int) (centre + support + 0.5), in) - from;
      double sum = 0;
      for (int i = 0; i < count; i++) {
        double weight = filter.weight((i + from - centre + 0.5) * perPixel);
        weights[x * stride + i] = weight;
        sum += weight;
      }
      for (int i = x * stride; i < x * stride + count; i++) {
        weights[i] = sum == 0 ? weights[i] : weights[i] / sum;
        largest = Math.max(largest, weights[i]);
      }
      first[x] = from;
      taps[x] = count;
    }
    int bits = resizer.arithmetic().fractionBits(largest);
    return new ResizeKernel(stride, bits, first, taps, fixed(weights, bits));
  }

  /** One tap of weight 1 each: exact, because both libraries skip a pass that changes nothing. */
  private static ResizeKernel identity(int size) {
    int[] ones = new int[size];
    Arrays.fill(ones, 1);
    return new ResizeKernel(1, 0, IntStream.range(0, size).toArray(), ones, ones);
  }

  private static int[] fixed(double[] weights, int bits) {
    int[] fixed = new int[weights.length];
    for (int i = 0; i < weights.length; i++) {
      double scaled = weights[i] * (1 << bits);
      fixed[i] = (int) (scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    }
    return fixed;
  }

  /** How many output positions. */
  int length() {
    return first.length;
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

  /** The source position behind the last one of an output position. */
  int end(int position) {
    return first[position] + taps[position];
  }

  /** Where an output position's weights start in {@link #weights()}. */
  int offset(int position) {
    return position * stride;
  }

  /** All weights as fixed-point numbers; a weight times 255, summed, fits 32 bits. Not copied. */
  int[] weights() {
    return weights;
  }

  /** What a sum of weighted levels starts from, so that {@link #toLevels} rounds. */
  int half() {
    return fractionBits == 0 ? 0 : 1 << (fractionBits - 1);
  }

  /** Sums to levels of 0 to 255, in place. */
  void toLevels(int[] sums) {
    int bits = fractionBits; // in a local, or the JIT does not make vectors of it
    for (int i = 0; i < sums.length; i++) {
      sums[i] = Math.max(0, Math.min(255, sums[i] >> bits));
    }
  }
}
