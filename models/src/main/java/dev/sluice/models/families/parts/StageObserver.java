package dev.sluice.models.families.parts;

import org.bytedeco.pytorch.Tensor;

/** Looks at the stages of an encode batch while their tensors are there. */
@FunctionalInterface
public interface StageObserver {
  /** Looks away. */
  StageObserver NONE = (stage, batch) -> {};

  /**
   * @param stage named as in the golden fixtures, such as {@code qformer}
   * @param batch [B, ..], one entry for each tile of a group
   */
  void stage(String stage, Tensor batch);
}
