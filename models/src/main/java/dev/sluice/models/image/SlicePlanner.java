package dev.sluice.models.image;

import dev.sluice.models.value.SlicePlan;

/** Decides from a picture's size alone how it is cut. Immutable. */
@FunctionalInterface
public interface SlicePlanner {

  /**
   * @param width pixels of the decoded, upright picture
   * @param height pixels of the decoded, upright picture
   * @throws IllegalArgumentException if a side is below 1 or the picture is too thin to be planned
   */
  SlicePlan plan(int width, int height);
}
