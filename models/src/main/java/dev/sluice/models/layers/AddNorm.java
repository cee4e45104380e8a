package dev.sluice.models.layers;

import dev.sluice.models.weights.Weights;
import org.bytedeco.pytorch.Tensor;

/**
 * A matrix, the sum with what the block started from, a norm: the end of every block of BERT. Owned
 * by the device thread.
 *
 * <p>transformers {@code BertSelfOutput} and {@code BertOutput}.
 */
public final class AddNorm {
  private final Linear dense;
  private final LayerNorm norm;

  private AddNorm(Linear dense, LayerNorm norm) {
    this.dense = dense;
    this.norm = norm;
  }

  /** Loads {@code dense} [width, in] and {@code LayerNorm}, both with a bias. */
  public static AddNorm load(Weights weights, long in, long width, double epsilon) {
    return new AddNorm(
        Linear.load(weights.under("dense"), in, width),
        LayerNorm.load(weights.under("LayerNorm"), width, epsilon));
  }

  /**
   * @param x [N, in]
   * @param start [N, E]
   * @return [N, E]
   */
  public Tensor apply(Tensor x, Tensor start) {
    return norm.apply(dense.apply(x).add_(start));
  }
}
