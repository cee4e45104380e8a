package dev.sluice.models.layers;

import dev.sluice.models.weights.Weights;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;

/**
 * BERT's attention to rows of another kind, such as a picture's. Owned by the device thread.
 *
 * <p>transformers {@code BertAttention} with {@code encoder_hidden_states}.
 */
public final class BertCrossAttention {
  private final Linear query;
  private final Linear keyValue;
  private final AddNorm output;

  private BertCrossAttention(Linear query, Linear keyValue, AddNorm output) {
    this.query = query;
    this.keyValue = keyValue;
    this.output = output;
  }

  /**
   * Loads the block, with biases.
   *
   * @param projections holds {@code query} [E, E], {@code key} and {@code value} [E, memory width]
   * @param output holds {@code dense}, {@code LayerNorm}
   */
  public static BertCrossAttention load(
      Weights projections, Weights output, long width, long memoryWidth, double epsilon) {
    Linear keyValue =
        Linear.loadStacked(
            List.of(projections.under("key"), projections.under("value")),
            memoryWidth,
            Collections.nCopies(2, width));
    return new BertCrossAttention(
        Linear.load(projections.under("query"), width, width),
        keyValue,
        AddNorm.load(output, width, width, epsilon));
  }

  /** [M, memory width] to [M, 2 E], keys, then values. */
  public Tensor keysAndValues(Tensor memory) {
    return keyValue.apply(memory);
  }

  /**
   * Runs the block.
   *
   * @param x [N, E]
   * @param attend from queries [N, E] to [N, E]
   * @return [N, E]
   */
  public Tensor apply(Tensor x, UnaryOperator<Tensor> attend) {
    return output.apply(attend.apply(query.apply(x)), x);
  }
}
