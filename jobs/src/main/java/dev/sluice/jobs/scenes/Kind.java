package dev.sluice.jobs.scenes;

import java.util.Locale;

/** The kinds of product in a scene. */
public enum Kind {
  MUG,
  BOTTLE,
  CHAIR,
  LAMP,
  SHOE,
  HAT,
  BAG,
  CLOCK,
  SHIRT,
  UMBRELLA,
  KETTLE,
  BOOK;

  /** The word of a caption for one of them. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The word of a caption for several of them. */
  public String plural() {
    return word() + "s";
  }
}
