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

  /** Most slices of any picture; 0 where their number is the same for all. */
  default int maxSlices() {
    return 0;
  }

  /**
   * Plans at most so many slices.
   *
   * @param slices 1 or more; 1 gives the overview alone
   * @return this where the number of slices is the same for all pictures
   */
  default SlicePlanner atMost(int slices) {
    return this;
  }
}
