package dev.sluice.models.resampler;

import dev.sluice.models.layers.GridFeatures;
import org.bytedeco.pytorch.Tensor;

/**
 * Turns each tile's patch features into the language model's tokens. Owned by the device thread.
 */
@FunctionalInterface
public interface Resampler {

  /**
   * @param tiles features [B, P, vision width] of one grid
   * @return [B, Q, E], Q the tokens of one tile
   */
  Tensor apply(GridFeatures tiles);
}
