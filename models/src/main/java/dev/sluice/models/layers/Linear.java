package dev.sluice.models.layers;

import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.weights.Weights;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** A matrix and, mostly, a bias: x Wᵀ + b. Owned by the device thread. */
public final class Linear {
  private final Tensor weight;
  private final @Nullable TensorOptional bias;

  private Linear(Tensor weight, @Nullable TensorOptional bias) {
    this.weight = weight;
    this.bias = bias;
  }

  /** Loads "weight" [out, in] and {@code bias} [out]. */
  public static Linear load(Weights weights, long in, long out) {
    return of(weights, weights.tensor("weight", out, in), weights.tensor("bias", out));
  }

  /** Loads "weight" [out, in]; there is no bias. */
  public static Linear loadWithoutBias(Weights weights, long in, long out) {
    return new Linear(weights.tensor("weight", out, in), null);
  }

  /** Loads several biased matrices over the same input as one, their outputs side by side. */
  public static Linear loadStacked(List<Weights> parts, long in, List<Long> outs) {
    return of(parts.get(0), stack(parts, "weight", outs, in), stack(parts, "bias", outs));
  }

  /** {@link #loadStacked} for matrices without a bias. */
  public static Linear loadStackedWithoutBias(List<Weights> parts, long in, List<Long> outs) {
    return new Linear(stack(parts, "weight", outs, in), null);
  }

  private static Tensor stack(List<Weights> parts, String name, List<Long> outs, long... in) {
    try (TensorScope scope = new TensorScope()) {
      TensorVector tensors = new TensorVector();
      for (int i = 0; i < parts.size(); i++) {
        long[] shape = LongStream.concat(LongStream.of(outs.get(i)), LongStream.of(in)).toArray();
        try (Tensor part = parts.get(i).tensorOnce(name, shape)) {
          tensors.push_back(part);
        }
      }
      return parts.get(0).keep(torch.cat(tensors, 0));
    }
  }

  /**
   * From tensors that live as long as {@code owner}.
   *
   * @param weight [out, in]
   * @param bias [out]
   */
  public static Linear of(Weights owner, Tensor weight, Tensor bias) {
    return new Linear(weight, owner.keep(new TensorOptional(bias)));
  }

  /** From a tensor [out, in] that lives as long as its model; there is no bias. */
  public static Linear withoutBias(Tensor weight) {
    return new Linear(weight, null);
  }

  /** [.., in] to [.., out]. */
  public Tensor apply(Tensor x) {
    return bias == null ? torch.linear(x, weight) : torch.linear(x, weight, bias);
  }
}
