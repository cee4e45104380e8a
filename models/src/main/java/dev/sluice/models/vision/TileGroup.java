package dev.sluice.models.vision;

import dev.sluice.models.layers.PatchGrid;
import org.bytedeco.pytorch.Tensor;

/**
 * Tiles of one size, ready for the tower. Owned by the device thread.
 *
 * @param pixels [B, 3, height, width], normalised
 */
public record TileGroup(PatchGrid grid, Tensor pixels) {

  /** B, how many tiles. */
  public int tiles() {
    return (int) pixels.size(0);
  }
}
