package dev.sluice.jobs.scenes;

/** Sets of scenes for different ends. No scene of one seed is in two of them but as said. */
public enum SceneSet {
  /** What is measured and shown. */
  STANDARD,
  /**
   * The scenes of {@link #STANDARD} in ways that nobody trained on: other backgrounds, and coded at
   * lower qualities.
   */
  SHIFTED,
  /** What scores are calibrated on, drawn as {@link #STANDARD}. */
  CALIBRATION
}
