package dev.sluice.models.language;

import org.bytedeco.pytorch.Tensor;

/** A decoder-only language model. Owned by the device thread. */
public interface LanguageModel {

  /** What it caches. */
  KvShape kvShape();

  /** Positions that the model was made for. */
  int maxPositions();

  /** E. */
  int width();

  /** int64 [N] to [N, E]. */
  Tensor embed(Tensor ids);

  /**
   * Runs all layers and writes keys and values where the pass has a cache.
   *
   * @param x [N, E]; may be overwritten
   * @return hidden states before the final norm, [N, E]
   */
  Tensor forward(Tensor x, PackedPass pass);

  /**
   * @param hidden rows of {@link #forward}'s result, [R, E]
   * @return [R, vocabulary]
   */
  Tensor logits(Tensor hidden);
}
