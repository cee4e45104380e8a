package dev.sluice.models.layers;

import dev.sluice.models.weights.Weights;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Scales each row to root mean square 1, then by the weight. Owned by the device thread.
 *
 * <p>Zhang and Sennrich 2019; transformers {@code LlamaRMSNorm}.
 */
public final class RmsNorm {
  private final long[] shape;
  private final TensorOptional weight;
  private final DoubleOptional epsilon;

  private RmsNorm(long width, TensorOptional weight, DoubleOptional epsilon) {
    this.shape = new long[] {width};
    this.weight = weight;
    this.epsilon = epsilon;
  }

  /** Loads the scope's tensor "weight", [width]. */
  public static RmsNorm load(Weights weights, long width, double epsilon) {
    return new RmsNorm(
        width,
        weights.keep(new TensorOptional(weights.tensor("weight", width))),
        weights.keep(new DoubleOptional(epsilon)));
  }

  /** [.., width] to the same shape. */
  public Tensor apply(Tensor x) {
    return torch.rms_norm(x, shape, weight, epsilon);
  }
}
