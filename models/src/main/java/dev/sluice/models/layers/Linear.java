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

/**
 * A matrix and, mostly, a bias: x Wᵀ + b. Owned by the device thread.
 *
 * <p>What is loaded by name is packed where that is faster; what is made from tensors stays as it
 * is, since others may use them too.
 */
public final class Linear {
  private final Product product;

  private Linear(Product product) {
    this.product = product;
  }

  /** A way to multiply. */
  interface Product {
    /** [.., in] to [.., out]. */
    Tensor apply(Tensor x);

    /** [.., in] to [.., out], through an activation. */
    Tensor apply(Tensor x, Activation activation);
  }

  /** Loads "weight" [out, in] and {@code bias} [out]. */
  public static Linear load(Weights weights, long in, long out) {
    return load(weights, weights.tensor("bias", out), in, out);
  }

  /** Loads "weight" [out, in]; there is no bias. */
  public static Linear loadWithoutBias(Weights weights, long in, long out) {
    return load(weights, null, in, out);
  }

  private static Linear load(Weights weights, @Nullable Tensor bias, long in, long out) {
    if (!PackedMatrix.suits(weights)) {
      return plain(weights, weights.tensor("weight", out, in), bias);
    }
    try (Tensor matrix = weights.tensorOnce("weight", out, in)) {
      return packed(weights, matrix, bias);
    }
  }

  /** Loads several biased matrices over the same input as one, their outputs side by side. */
  public static Linear loadStacked(List<Weights> parts, long in, List<Long> outs) {
    Weights owner = parts.get(0);
    return stacked(parts, adopted(owner, stack(parts, "bias", outs)), in, outs);
  }

  /** {@link #loadStacked} for matrices without a bias. */
  public static Linear loadStackedWithoutBias(List<Weights> parts, long in, List<Long> outs) {
    return stacked(parts, null, in, outs);
  }

  private static Linear stacked(
      List<Weights> parts, @Nullable Tensor bias, long in, List<Long> outs) {
    Weights owner = parts.get(0);
    Tensor matrix = stack(parts, "weight", outs, in);
    if (!PackedMatrix.suits(owner)) {
      return plain(owner, adopted(owner, matrix), bias);
    }
    try (matrix) {
      return packed(owner, matrix, bias);
    }
  }

  /** A tensor that is closed with its owner. */
  private static Tensor adopted(Weights owner, Tensor tensor) {
    owner.onClose(tensor::close);
    return tensor;
  }

  /** The caller closes the result. */
  private static Tensor stack(List<Weights> parts, String name, List<Long> outs, long... in) {
    try (TensorScope scope = new TensorScope()) {
      TensorVector tensors = new TensorVector();
      for (int i = 0; i < parts.size(); i++) {
        long[] shape = LongStream.concat(LongStream.of(outs.get(i)), LongStream.of(in)).toArray();
        try (Tensor part = parts.get(i).tensorOnce(name, shape)) {
          tensors.push_back(part);
        }
      }
      return scope.keep(torch.cat(tensors, 0));
    }
  }

  /**
   * From tensors that live as long as {@code owner}.
   *
   * @param weight [out, in]
   * @param bias [out]
   */
  public static Linear of(Weights owner, Tensor weight, Tensor bias) {
    return plain(owner, weight, bias);
  }

  /** From a tensor [out, in] that lives as long as its model; there is no bias. */
  public static Linear withoutBias(Tensor weight) {
    return new Linear(new Plain(weight, null));
  }

  private static Linear plain(Weights owner, Tensor weight, @Nullable Tensor bias) {
    return new Linear(
        new Plain(weight, bias == null ? null : owner.keep(new TensorOptional(bias))));
  }

  private static Linear packed(Weights owner, Tensor matrix, @Nullable Tensor bias) {
    return new Linear(PackedMatrix.of(owner, matrix, bias));
  }

  /** [.., in] to [.., out]. */
  public Tensor apply(Tensor x) {
    return product.apply(x);
  }

  /** [.., in] to [.., out], through an activation. */
  public Tensor apply(Tensor x, Activation activation) {
    return product.apply(x, activation);
  }

  /** As the checkpoint has it. */
  private record Plain(Tensor weight, @Nullable TensorOptional bias) implements Product {
    @Override
    public Tensor apply(Tensor x) {
      return bias == null ? torch.linear(x, weight) : torch.linear(x, weight, bias);
    }

    @Override
    public Tensor apply(Tensor x, Activation activation) {
      return activation.consume(apply(x));
    }
  }
}
