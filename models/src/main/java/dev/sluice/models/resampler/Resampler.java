package dev.sluice.models.resampler;

import dev.sluice.models.layers.GridFeatures;
import org.bytedeco.pytorch.Tensor;

/**
 * Turns each tile's patch features into the language model's tokens. Owned by the device thread.
 */
public interface Resampler {

  /** Q, the tokens of one tile. */
  int queries();

  /**
   * @param tiles features [B, P, vision width] of one grid
   * @return [B, Q, E]
   */
  Tensor apply(GridFeatures tiles);
}
