package dev.sluice.jobs.scenes;

/** A colour, 0..255 each, before rounding. Immutable. */
record Rgb(float red, float green, float blue) {
  static Rgb grey(double value) {
    return new Rgb((float) value, (float) value, (float) value);
  }

  static Rgb random(SceneRandom random, double from, double to) {
    return new Rgb(
        (float) random.uniform(from, to),
        (float) random.uniform(from, to),
        (float) random.uniform(from, to));
  }

  Rgb times(double factor) {
    return new Rgb((float) (red * factor), (float) (green * factor), (float) (blue * factor));
  }

  /** This colour, each part moved by its own amount and kept in 0..255. */
  Rgb plus(double dRed, double dGreen, double dBlue) {
    return new Rgb(clamp(red + dRed), clamp(green + dGreen), clamp(blue + dBlue));
  }

  private static float clamp(double value) {
    return (float) Math.max(0, Math.min(255, value));
  }
}
