package dev.sluice.jobs.scenes;

/** Small things: the forbidden ones, and those that only look a little like them. */
public enum SmallThing {
  KNIFE(Forbidden.KNIFE),
  PISTOL(Forbidden.PISTOL),
  CIGARETTES(Forbidden.CIGARETTES),
  COMB(Forbidden.NONE),
  LIPSTICK(Forbidden.NONE),
  VIAL(Forbidden.NONE);

  private final Forbidden forbidden;

  SmallThing(Forbidden forbidden) {
    this.forbidden = forbidden;
  }

  /** What the policy calls it; NONE for a look-alike. */
  public Forbidden forbidden() {
    return forbidden;
  }
}
