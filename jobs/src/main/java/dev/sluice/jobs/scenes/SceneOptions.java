package dev.sluice.jobs.scenes;

/**
 * What scenes hold, and how often. Immutable.
 *
 * @param minItems products that a scene should have, at least; fewer where there is no room
 * @param maxItems products in a scene, at most
 * @param itemScale 1 for products of 40 to 66 canvas units
 * @param tagRate share of scenes with a price tag
 * @param forbiddenRate share of scenes with a forbidden item
 * @param avoidCuts share of scenes whose small things keep off the cuts between slices
 */
public record SceneOptions(
    int minItems,
    int maxItems,
    double itemScale,
    double tagRate,
    double forbiddenRate,
    double avoidCuts) {

  /** What is measured and shown. */
  public static final SceneOptions STANDARD = new SceneOptions(1, 4, 1, 2 / 3.0, 1 / 3.0, 0.9);
}
