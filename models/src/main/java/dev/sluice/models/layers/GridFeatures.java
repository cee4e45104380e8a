package dev.sluice.models.layers;

import org.bytedeco.pytorch.Tensor;

/**
 * Features of tiles that share a patch grid: what a vision tower hands on. Owned by the device
 * thread.
 *
 * @param features [B, P, E], patches row by row; [B, 1 + P, E] where a class token stands first
 */
public record GridFeatures(PatchGrid grid, Tensor features) {

  /** B, how many tiles. */
  public long tiles() {
    return features.size(0);
  }
}
