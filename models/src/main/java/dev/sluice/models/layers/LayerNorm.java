package dev.sluice.models.layers;

import dev.sluice.models.weights.Weights;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Normalises each row to mean 0 and variance 1, then scales and shifts. Owned by the device thread.
 */
public final class LayerNorm {
  private final long[] shape;
  private final TensorOptional weight;
  private final TensorOptional bias;
  private final double epsilon;

  private LayerNorm(long width, TensorOptional weight, TensorOptional bias, double epsilon) {
    this.shape = new long[] {width};
    this.weight = weight;
    this.bias = bias;
    this.epsilon = epsilon;
  }

  /** Loads "weight" and {@code bias}, both [width]. */
  public static LayerNorm load(Weights weights, long width, double epsilon) {
    return new LayerNorm(
        width,
        weights.keep(new TensorOptional(weights.tensor("weight", width))),
        weights.keep(new TensorOptional(weights.tensor("bias", width))),
        epsilon);
  }

  /**
   * Without a scale and a shift.
   *
   * @param owner closes what is made when it closes
   */
  public static LayerNorm plain(Weights owner, long width, double epsilon) {
    TensorOptional none = owner.keep(new TensorOptional());
    return new LayerNorm(width, none, none, epsilon);
  }

  /** [.., width] to the same shape. */
  public Tensor apply(Tensor x) {
    return torch.layer_norm(x, shape, weight, bias, epsilon, true);
  }
}
