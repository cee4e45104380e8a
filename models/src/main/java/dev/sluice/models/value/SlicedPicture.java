package dev.sluice.models.value;

import java.util.List;

/**
 * A picture cut by its plan. Immutable.
 *
 * @param slices row by row, left to right; empty where the plan has no slices
 * @param overview the whole picture, small
 */
public record SlicedPicture(SlicePlan plan, List<RgbImage> slices, RgbImage overview) {
  public SlicedPicture {
    slices = List.copyOf(slices);
    if (slices.size() != plan.sliceCount()) {
      throw new IllegalArgumentException(
          "sliced picture: expected %d slices, found %d"
              .formatted(plan.sliceCount(), slices.size()));
    }
  }
}
