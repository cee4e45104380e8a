package dev.sluice.models.families.parts;

import dev.sluice.models.layers.GridFeatures;
import dev.sluice.models.resampler.Resampler;
import org.bytedeco.pytorch.Tensor;

/** What stands between a vision tower and a language model. Owned by the device thread. */
@FunctionalInterface
public interface Connector {

  /**
   * @param tiles features of one grid's tiles
   * @param observer is shown the stages within
   * @return [B, Q, E], Q visual tokens for each tile
   */
  Tensor apply(GridFeatures tiles, StageObserver observer);

  /** A resampler alone. */
  static Connector of(Resampler resampler) {
    return (tiles, observer) -> resampler.apply(tiles);
  }
}
