package dev.sluice.jobs.scenes;

/**
 * The seeds of scenes, in streams that do not meet: whatever seed a person types, the pictures that
 * are measured or shown are none of those that the model was trained or calibrated on.
 */
public final class SceneSeeds {
  private static final long TRAINING = 0x7261696E;
  private static final long EVALUATION = 0x6576616C;
  private static final long CALIBRATION = 0x63616C69;

  private SceneSeeds() {}

  /** The seed of a training scene. */
  static long training(long stream, long number) {
    return SceneRandom.mix(SceneRandom.mix(stream, TRAINING), number);
  }

  /** The seed of a scene that scores are calibrated on. */
  static long calibration(long seed, long number) {
    return SceneRandom.mix(SceneRandom.mix(seed, CALIBRATION), number);
  }

  /** The seed of a scene that is measured or shown. */
  public static long evaluation(long seed, long number) {
    return SceneRandom.mix(SceneRandom.mix(seed, EVALUATION), number);
  }
}
