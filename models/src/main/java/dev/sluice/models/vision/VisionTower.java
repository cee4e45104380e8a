package dev.sluice.models.vision;

import dev.sluice.models.layers.GridFeatures;
import java.util.List;

/**
 * Turns the tiles of many pictures into patch features, in one batch. Owned by the device thread.
 */
@FunctionalInterface
public interface VisionTower {

  /**
   * @param groups tiles of one size each, at least one group
   * @return the features of each group's tiles, in the order of the groups
   */
  List<GridFeatures> apply(List<TileGroup> groups);
}
