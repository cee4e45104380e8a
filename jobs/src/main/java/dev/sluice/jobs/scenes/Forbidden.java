package dev.sluice.jobs.scenes;

import java.util.Locale;

/** What a scene may hold that a shop does not allow; the labels of the policy question. */
public enum Forbidden {
  NONE,
  KNIFE,
  PISTOL,
  CIGARETTES;

  /** The label. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
