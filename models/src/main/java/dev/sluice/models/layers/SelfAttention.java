package dev.sluice.models.layers;

import dev.sluice.models.weights.Weights;
import java.util.Collections;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Attention of the tokens of a segment to its tokens, queries, keys and values from one product.
 * Owned by the device thread.
 *
 * <p>transformers {@code CLIPAttention} and its kin.
 */
public final class SelfAttention {
  private final Attention.Pattern pattern;
  private final long heads;
  private final Linear queryKeyValue;
  private final Linear out;

  private SelfAttention(Attention.Pattern pattern, long heads, Linear queryKeyValue, Linear out) {
    this.pattern = pattern;
    this.heads = heads;
    this.queryKeyValue = queryKeyValue;
    this.out = out;
  }

  /**
   * Every token sees its whole segment. Loads {@code q_proj}, {@code k_proj}, {@code v_proj},
   * {@code out_proj}, all with a bias.
   */
  public static SelfAttention load(Weights weights, long width, long heads) {
    return load(weights, width, heads, Attention::full);
  }

  /** {@link #load} where a token sees itself and those before it. */
  public static SelfAttention loadCausal(Weights weights, long width, long heads) {
    return load(weights, width, heads, Attention::causal);
  }

  private static SelfAttention load(
      Weights weights, long width, long heads, Attention.Pattern pattern) {
    Linear queryKeyValue =
        stacked(
            List.of(weights.under("q_proj"), weights.under("k_proj"), weights.under("v_proj")),
            width);
    Linear out = Linear.load(weights.under("out_proj"), width, width);
    return new SelfAttention(pattern, heads, queryKeyValue, out);
  }

  /**
   * The first vision transformers' names: loads {@code attention.query}, {@code attention.key},
   * {@code attention.value}, {@code output.dense}, all with a bias.
   */
  public static SelfAttention loadVit(Weights weights, long width, long heads) {
    Weights in = weights.under("attention");
    Linear queryKeyValue =
        stacked(List.of(in.under("query"), in.under("key"), in.under("value")), width);
    Linear out = Linear.load(weights.under("output", "dense"), width, width);
    return new SelfAttention(Attention::full, heads, queryKeyValue, out);
  }

  private static Linear stacked(List<Weights> parts, long width) {
    return Linear.loadStacked(parts, width, Collections.nCopies(3, width));
  }

  /**
   * BLIP's names: loads {@code qkv}, three matrices in one, with a bias or without, and {@code
   * projection}.
   */
  public static SelfAttention loadFused(Weights weights, long width, long heads) {
    Weights fused = weights.under("qkv");
    Linear queryKeyValue =
        fused.has("bias")
            ? Linear.load(fused, width, 3 * width)
            : Linear.loadWithoutBias(fused, width, 3 * width);
    return fused(weights, heads, queryKeyValue, width);
  }

  /**
   * EVA-CLIP under BLIP's names: {@link #loadFused} where queries and values have a bias, {@code
   * qkv.q_bias} and {@code qkv.v_bias}, and keys have none.
   */
  public static SelfAttention loadEva(Weights weights, long width, long heads) {
    Weights fused = weights.under("qkv");
    Tensor queries = fused.tensor("q_bias", width);
    Tensor values = fused.tensor("v_bias", width);
    Tensor keys = torch.zeros_like(queries);
    Tensor bias = fused.keep(torch.cat(new TensorVector(queries, keys, values), 0));
    Tensor matrices = fused.tensor("weight", 3 * width, width);
    return fused(weights, heads, Linear.of(fused, matrices, bias), width);
  }

  private static SelfAttention fused(
      Weights weights, long heads, Linear queryKeyValue, long width) {
    Linear out = Linear.load(weights.under("projection"), width, width);
    return new SelfAttention(Attention::full, heads, queryKeyValue, out);
  }

  /** [N, E] to [N, E]. */
  public Tensor apply(Tensor x, Segments segments) {
    return out.apply(SegmentAttention.self(queryKeyValue.apply(x), segments, heads, pattern));
  }
}
