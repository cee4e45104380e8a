package dev.sluice.jobs.scenes;

import dev.sluice.jobs.scenes.Scene.Paint;

/**
 * Where a pattern shows its second colour, in canvas units from the product's centre. Immutable.
 */
@FunctionalInterface
interface Weave {
  boolean second(double x, double y);

  static Weave of(Pattern pattern, Paint paint) {
    double cos = StrictMath.cos(paint.angle());
    double sin = StrictMath.sin(paint.angle());
    double period = paint.period();
    double perPeriod = 1 / period;
    double phaseX = paint.phaseX() * perPeriod;
    double phaseY = paint.phaseY() * perPeriod;
    // Everything is counted in periods; a remainder is taken with floor, since % on doubles is
    // slow.
    return switch (pattern) {
      case PLAIN -> (x, y) -> false;
      case STRIPED -> (x, y) -> fraction((x * cos + y * sin) * perPeriod + phaseX) < 0.45;
      case DOTTED ->
          (x, y) -> {
            double v = (y * cos - x * sin) * perPeriod + phaseY;
            double row = Math.floor(v);
            double du = fraction((x * cos + y * sin) * perPeriod + phaseX + row / 2) - 0.5;
            double dv = v - row - 0.5;
            return du * du + dv * dv < 0.0841;
          };
      case CHECKED ->
          (x, y) -> {
            double column = Math.floor((x * cos + y * sin) * perPeriod + phaseX);
            double row = Math.floor((y * cos - x * sin) * perPeriod + phaseY);
            return fraction((column + row) / 2) < 0.25;
          };
    };
  }

  private static double fraction(double value) {
    return value - Math.floor(value);
  }
}
