package dev.sluice.jobs.scenes;

/** Point-in-shape tests on a drawing board. Immutable. */
@FunctionalInterface
interface Outline {
  boolean holds(double x, double y);

  static Outline rectangle(double left, double top, double right, double bottom) {
    return (x, y) -> x >= left && x <= right && y >= top && y <= bottom;
  }

  static Outline ellipse(double left, double top, double right, double bottom) {
    return (x, y) -> {
      double dx = (2 * x - left - right) / (right - left);
      double dy = (2 * y - top - bottom) / (bottom - top);
      return dx * dx + dy * dy <= 1;
    };
  }

  /** The corners in turn: x, y, x, y ... */
  static Outline polygon(double... corners) {
    double[] points = corners.clone();
    return (x, y) -> {
      boolean inside = false;
      int n = points.length;
      for (int i = 0, j = n - 2; i < n; j = i, i += 2) {
        double yi = points[i + 1];
        double yj = points[j + 1];
        if (yi > y != yj > y && x < (points[j] - points[i]) * (y - yi) / (yj - yi) + points[i]) {
          inside = !inside;
        }
      }
      return inside;
    };
  }

  /** Those that are in one of the two. */
  default Outline and(Outline other) {
    return (x, y) -> holds(x, y) || other.holds(x, y);
  }

  /** Those that are in this and not in the other. */
  default Outline without(Outline other) {
    return (x, y) -> holds(x, y) && !other.holds(x, y);
  }
}
