package dev.sluice.models.layers;

import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.weights.Weights;
import org.bytedeco.pytorch.Tensor;

/**
 * A layer that normalises before attention and before its two matrices: CLIP's, in pictures and in
 * texts, and that of its successors. Owned by the device thread.
 *
 * <p>transformers {@code CLIPEncoderLayer}, {@code SiglipEncoderLayer}, {@code BlipEncoderLayer}.
 */
public final class EncoderLayer {
  private final LayerNorm attentionNorm;
  private final SelfAttention attention;
  private final LayerNorm mlpNorm;
  private final Mlp mlp;

  private EncoderLayer(
      LayerNorm attentionNorm, SelfAttention attention, LayerNorm mlpNorm, Mlp mlp) {
    this.attentionNorm = attentionNorm;
    this.attention = attention;
    this.mlpNorm = mlpNorm;
    this.mlp = mlp;
  }

  /**
   * Sizes of a layer. Immutable.
   *
   * @param width E
   * @param intermediate features between the two matrices
   */
  public record Sizes(
      int width, int heads, int intermediate, double layerNormEpsilon, Activation activation) {
    public Sizes {
      if (width % heads != 0) {
        throw new IllegalArgumentException(
            "num_attention_heads: expected a divisor of the width %d, found %d"
                .formatted(width, heads));
      }
    }
  }

  /** Loads {@code layer_norm1}, {@code layer_norm2} and {@code mlp}. */
  public static EncoderLayer load(Weights weights, Sizes sizes, SelfAttention attention) {
    int width = sizes.width();
    return new EncoderLayer(
        LayerNorm.load(weights.under("layer_norm1"), width, sizes.layerNormEpsilon()),
        attention,
        LayerNorm.load(weights.under("layer_norm2"), width, sizes.layerNormEpsilon()),
        Mlp.load(weights.under("mlp"), width, sizes.intermediate(), sizes.activation()));
  }

  /**
   * The names of the first vision transformers: loads {@code layernorm_before}, {@code attention},
   * {@code layernorm_after}, {@code intermediate} and {@code output}.
   */
  public static EncoderLayer loadVit(Weights weights, Sizes sizes) {
    int width = sizes.width();
    Linear up = Linear.load(weights.under("intermediate", "dense"), width, sizes.intermediate());
    Linear down = Linear.load(weights.under("output", "dense"), sizes.intermediate(), width);
    return new EncoderLayer(
        LayerNorm.load(weights.under("layernorm_before"), width, sizes.layerNormEpsilon()),
        SelfAttention.loadVit(weights.under("attention"), width, sizes.heads()),
        LayerNorm.load(weights.under("layernorm_after"), width, sizes.layerNormEpsilon()),
        Mlp.of(up, sizes.activation(), down));
  }

  /** Adds the layer's two updates to {@code x} [N, E]. */
  public void update(Tensor x, Segments segments) {
    try (TensorScope scope = new TensorScope()) {
      x.add_(attention.apply(attentionNorm.apply(x), segments));
      x.add_(mlp.apply(mlpNorm.apply(x)));
    }
  }
}
