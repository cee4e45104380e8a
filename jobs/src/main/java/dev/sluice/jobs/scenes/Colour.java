package dev.sluice.jobs.scenes;

import java.util.Locale;

/** The colours of products. */
public enum Colour {
  RED(208, 32, 36),
  ORANGE(238, 128, 28),
  YELLOW(240, 214, 48),
  GREEN(44, 150, 62),
  BLUE(44, 84, 208),
  PURPLE(122, 50, 170),
  PINK(244, 130, 186),
  BLACK(34, 34, 38);

  private final int red;
  private final int green;
  private final int blue;

  Colour(int red, int green, int blue) {
    this.red = red;
    this.green = green;
    this.blue = blue;
  }

  Rgb rgb() {
    return new Rgb(red, green, blue);
  }

  /** The word of a caption. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
