package dev.sluice.models.layers;

import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.tensor.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Attention as two matrix products with a softmax between them, for bfloat16 on a processor.
 * Stateless.
 *
 * <p>libtorch's fused kernel is slow in bfloat16 beside a BLAS without such a product (OpenBLAS):
 * 15 to 150 times slower than oneDNN's products, which these are (docs/performance.md). Scores are
 * rounded to bfloat16, as in transformers' eager attention. A few heads at a time, so that their
 * scores stay in the cache.
 */
final class ProductAttention {
  /** Scores that are held at once: two megabytes, and as much for their softmax. */
  private static final long SCORES = 1 << 20;

  /** Queries of a head up to which zeros are no burden: a step's, where heads share keys. */
  private static final long FEW_QUERIES = 4;

  /** Elements of all keys from which on reading them is most of the time. */
  private static final long MANY_KEYS = 1 << 20;

  private static final ScalarType TYPE = ScalarType.BFloat16;

  private ProductAttention() {}

  static boolean suits(Tensor q) {
    return q.is_cpu() && Tensors.scalarType(q) == TYPE;
  }

  /**
   * @param q [B, H, T, D]
   * @param k [B, Hkv, M, D]; H is a multiple of Hkv
   * @param v [B, Hkv, M, D]
   * @param mask broadcasts to [B, 1, T, M], added to the scores; null where every query sees every
   *     key
   * @return [B, H, T, D], in any order of memory
   */
  static Tensor apply(Tensor q, Tensor k, Tensor v, @Nullable Tensor mask) {
    try (TensorScope scope = new TensorScope();
        Scalar scale = new Scalar(1 / Math.sqrt((double) q.size(3)))) {
      if (areFew(q, k)) {
        return scope.pass(fewQueries(q, k, v, mask, scale));
      }
      boolean one = q.size(2) == 1 && q.size(1) == k.size(1);
      return scope.pass(one ? oneQuery(q, k, v, mask, scale) : queries(q, k, v, mask, scale));
    }
  }

  /** Whether one product for all heads pays; its zeros are then no more than the keys. */
  private static boolean areFew(Tensor q, Tensor k) {
    return q.size(1) == k.size(1)
        && q.size(2) <= FEW_QUERIES
        && q.size(1) * q.size(2) <= k.size(2)
        && k.numel() >= MANY_KEYS;
  }

  /**
   * All heads of a text in one product, a head's queries standing where its keys stand and zeros
   * elsewhere: H times the arithmetic, which is little for a few queries, and every key is read
   * once, as it lies.
   */
  private static Tensor fewQueries(
      Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, Scalar scale) {
    long texts = q.size(0);
    long heads = q.size(1);
    long length = q.size(2);
    long size = q.size(3);
    Tensor spread = Tensors.zeros(TYPE, Device.CPU, texts, heads, size, heads, length);
    spread.diagonal(0, 1, 3).copy_(torch.mul(q, scale).permute(0, 3, 2, 1)); // [B, D, T, H]
    Tensor scores =
        torch
            .bmm(beside(k), spread.view(texts, heads * size, heads * length)) // [B, M, H T]
            .transpose(1, 2)
            .contiguous()
            .view(texts, heads, length, -1);
    if (mask != null) {
      scores.add_(mask);
    }
    Tensor weights = torch.softmax(scores, -1).view(texts, heads * length, -1); // [B, H T, M]
    return torch
        .bmm(weights, beside(v)) // [B, H T, H D]
        .view(texts, heads, length, heads, size)
        .diagonal(0, 1, 3) // [B, T, D, H]
        .permute(0, 3, 1, 2);
  }

  /** [B, H, M, D] to [B, M, H D], as the cache has it. */
  private static Tensor beside(Tensor keys) {
    return keys.transpose(1, 2).reshape(keys.size(0), keys.size(2), -1);
  }

  /** A product with one row is bound by memory: oneDNN would bring the keys into its layout. */
  private static Tensor oneQuery(
      Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, Scalar scale) {
    Tensor scores = torch.mul(q, k).sum(-1).mul_(scale); // [B, H, M]
    if (mask != null) {
      scores.add_(mask.squeeze(2));
    }
    return torch.mul(torch.softmax(scores, -1).unsqueeze(-1), v).sum(2).unsqueeze(2);
  }

  private static Tensor queries(Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, Scalar scale) {
    long keyHeads = k.size(1);
    long group = q.size(1) / keyHeads;
    long most = Math.max(1, SCORES / (group * q.size(2) * k.size(2)));
    // Positions outside heads, as the next layer reads them.
    Tensor all =
        Tensors.empty(TYPE, Device.CPU, q.size(0), q.size(2), q.size(1), q.size(3)).transpose(1, 2);
    for (long i = 0; i < q.size(0); i++) {
      @Nullable Tensor seen =
          mask == null ? null : mask.select(0, mask.size(0) == 1 ? 0 : i); // [1, T, M]
      for (long head = 0; head < keyHeads; head += most) {
        long heads = Math.min(most, keyHeads - head);
        try (TensorScope scope = new TensorScope()) {
          Tensor attended =
              heads(
                  q.select(0, i).narrow(0, head * group, heads * group),
                  k.select(0, i).narrow(0, head, heads),
                  v.select(0, i).narrow(0, head, heads),
                  seen,
                  scale);
          all.select(0, i).narrow(0, head * group, heads * group).copy_(attended);
        }
      }
    }
    return all;
  }

  /**
   * @param q [h g, T, D], the g heads that share a key head side by side
   * @param k [h, M, D]
   * @return [h g, T, D]
   */
  private static Tensor heads(Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, Scalar scale) {
    long heads = k.size(0);
    long length = q.size(1);
    Tensor rows = q.reshape(heads, -1, q.size(2)); // [h, g T, D]
    try (Scalar nothing = new Scalar(0.0)) {
      Tensor unused = Tensors.empty(TYPE, Device.CPU, 1, 1, 1);
      Tensor scores = torch.baddbmm(unused, rows, k.transpose(1, 2), nothing, scale); // [h, g T, M]
      if (mask != null) {
        scores.view(heads, -1, length, k.size(1)).add_(mask);
      }
      return torch.bmm(torch.softmax(scores, -1), v).view(q.shape());
    }
  }
}
