package dev.sluice.models.image;

import java.util.Arrays;

/** The antialiasing filters of Pillow's {@code resize}, which torch's kernels repeat. */
public enum ResizeFilter {
  LANCZOS(1, 3),
  BILINEAR(2, 1),
  /** Keys' cubic with a = -0.5. */
  BICUBIC(3, 2);

  private static final double A = -0.5;

  private final int code;
  private final double radius;

  ResizeFilter(int code, double radius) {
    this.code = code;
    this.radius = radius;
  }

  /**
   * The filter that configurations call {@code resample}.
   *
   * @throws IllegalArgumentException for a code that is none of these
   */
  public static ResizeFilter of(int code) {
    return Arrays.stream(values())
        .filter(filter -> filter.code == code)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "resample: expected 1 (lanczos), 2 (bilinear) or 3 (bicubic), found " + code));
  }

  /** How far the filter reaches to either side, in positions of the coarser grid. */
  double radius() {
    return radius;
  }

  /** The weight at a distance from the centre, before all weights are brought to the sum 1. */
  double weight(double position) {
    double x = Math.abs(position);
    if (x >= radius) {
      return 0;
    }
    return switch (this) {
      case LANCZOS -> sinc(x) * sinc(x / radius);
      case BILINEAR -> 1 - x;
      case BICUBIC -> x < 1 ? ((A + 2) * x - (A + 3)) * x * x + 1 : (((x - 5) * x + 8) * x - 4) * A;
    };
  }

  private static double sinc(double x) {
    double angle = x * Math.PI;
    return x == 0 ? 1 : Math.sin(angle) / angle;
  }
}
