package dev.sluice.models.layers;

import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.Tensors;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Scaled dot-product attention in its three forms, scale 1/√D: libtorch's fused kernel, or {@link
 * ProductAttention} where that is the faster one. Stateless.
 */
public final class Attention {
  private Attention() {}

  /** Who sees whom. */
  @FunctionalInterface
  public interface Pattern {

    /**
     * @param q [B, H, Tq, D]
     * @param k [B, H, Tk, D]
     * @param v [B, H, Tk, D]
     * @return [B, H, Tq, D], in any order of memory
     */
    Tensor apply(Tensor q, Tensor k, Tensor v);
  }

  /**
   * Every query sees every key.
   *
   * @param q [B, H, Tq, D]
   * @param k [B, H, Tk, D]
   * @param v [B, H, Tk, D]
   * @return [B, H, Tq, D], in any order of memory
   */
  public static Tensor full(Tensor q, Tensor k, Tensor v) {
    return ProductAttention.suits(q)
        ? ProductAttention.apply(q, k, v, null)
        : torch.scaled_dot_product_attention(q, k, v);
  }

  /** Query i sees keys 0 to i; as many queries as keys. Fewer key heads than query heads share. */
  public static Tensor causal(Tensor q, Tensor k, Tensor v) {
    if (ProductAttention.suits(q)) {
      return ProductAttention.apply(q, k, v, hidesLater(q));
    }
    try (TensorOptional none = new TensorOptional();
        DoubleOptional scale = new DoubleOptional()) {
      return torch.scaled_dot_product_attention(q, k, v, none, 0, true, scale, isGrouped(q, k));
    }
  }

  /**
   * With a mask that is added to the scores.
   *
   * @param mask [B or 1, 1, Tq, Tk], 0 where a query sees a key and -∞ where not
   */
  public static Tensor masked(Tensor q, Tensor k, Tensor v, Tensor mask) {
    if (ProductAttention.suits(q)) {
      return ProductAttention.apply(q, k, v, mask);
    }
    try (TensorOptional added = new TensorOptional(mask);
        DoubleOptional scale = new DoubleOptional()) {
      return torch.scaled_dot_product_attention(q, k, v, added, 0, false, scale, isGrouped(q, k));
    }
  }

  /** [1, 1, T, T]: 0 up to the diagonal, -∞ behind it. */
  private static Tensor hidesLater(Tensor q) {
    long length = q.size(2);
    try (Scalar hidden = new Scalar(Double.NEGATIVE_INFINITY)) {
      return Tensors.zeros(Tensors.scalarType(q), Device.CPU, 1, 1, length, length)
          .fill_(hidden)
          .triu_(1);
    }
  }

  private static boolean isGrouped(Tensor q, Tensor k) {
    return q.size(1) != k.size(1);
  }
}
