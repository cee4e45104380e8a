package dev.sluice.models.layers;

import dev.sluice.models.weights.Weights;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;

/**
 * BERT's self-attention block; who sees whom is the caller's. Owned by the device thread.
 *
 * <p>Devlin et al. 2018; transformers {@code BertAttention}.
 */
public final class BertSelfAttention {
  private final Linear queryKeyValue;
  private final AddNorm output;

  private BertSelfAttention(Linear queryKeyValue, AddNorm output) {
    this.queryKeyValue = queryKeyValue;
    this.output = output;
  }

  /**
   * Loads the block, with biases.
   *
   * @param projections holds {@code query}, {@code key}, {@code value}
   * @param output holds {@code dense}, {@code LayerNorm}
   */
  public static BertSelfAttention load(
      Weights projections, Weights output, long width, double epsilon) {
    Linear queryKeyValue =
        Linear.loadStacked(
            List.of(
                projections.under("query"), projections.under("key"), projections.under("value")),
            width,
            Collections.nCopies(3, width));
    return new BertSelfAttention(queryKeyValue, AddNorm.load(output, width, width, epsilon));
  }

  /**
   * Runs the block.
   *
   * @param x [N, E]
   * @param attend from [N, 3 E], queries, then keys, then values, to [N, E]
   * @return [N, E]
   */
  public Tensor apply(Tensor x, UnaryOperator<Tensor> attend) {
    return output.apply(attend.apply(queryKeyValue.apply(x)), x);
  }
}
