package dev.sluice.jobs.scenes;

import java.util.Locale;

/** The patterns of products. */
public enum Pattern {
  PLAIN,
  STRIPED,
  DOTTED,
  CHECKED;

  /** The word of a caption. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
