package dev.sluice.models.layers;

import dev.sluice.models.weights.Weights;
import org.bytedeco.pytorch.Tensor;

/**
 * BERT's feed-forward block. Owned by the device thread.
 *
 * <p>transformers {@code BertIntermediate} and {@code BertOutput}.
 */
public final class BertFeedForward {
  private final Linear up;
  private final Activation activation;
  private final AddNorm output;

  private BertFeedForward(Linear up, Activation activation, AddNorm output) {
    this.up = up;
    this.activation = activation;
    this.output = output;
  }

  /** Widths of the block. Immutable. */
  public record Shape(long width, long hidden) {}

  /**
   * Loads the block, with biases.
   *
   * @param intermediate holds {@code dense} [hidden, E]
   * @param output holds {@code dense} [E, hidden], {@code LayerNorm}
   */
  public static BertFeedForward load(
      Weights intermediate, Weights output, Shape shape, Activation activation, double epsilon) {
    return new BertFeedForward(
        Linear.load(intermediate.under("dense"), shape.width(), shape.hidden()),
        activation,
        AddNorm.load(output, shape.hidden(), shape.width(), epsilon));
  }

  /** [N, E] to [N, E]. */
  public Tensor apply(Tensor x) {
    return output.apply(up.apply(x, activation), x);
  }
}
