package dev.sluice.models.language;

import org.bytedeco.pytorch.Tensor;

/** A causal language model. Owned by the device thread. */
public interface LanguageModel {

  /** What it caches. */
  KvShape kvShape();

  /** Positions that the model was made for. */
  int maxPositions();

  /** E. */
  int width();

  /**
   * Whether every position attends to the picture's tokens, which then stand beside the prompt;
   * they stand in it otherwise.
   */
  default boolean attendsToMemory() {
    return false;
  }

  /** Features of one of the picture's tokens: E where they stand in the prompt. */
  default int visualWidth() {
    return width();
  }

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
