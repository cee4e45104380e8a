package dev.sluice.models.vision;

import dev.sluice.models.layers.LayerNorm;
import dev.sluice.models.layers.Linear;
import dev.sluice.models.layers.Mlp;
import dev.sluice.models.layers.SegmentAttention;
import dev.sluice.models.weights.Weights;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * One learned query that looks at all rows of a tile: SigLIP's head. Owned by the device thread.
 *
 * <p>transformers {@code SiglipMultiheadAttentionPoolingHead}, over torch's {@code
 * MultiheadAttention}, whose three matrices stand in one.
 */
public final class AttentionPooling {
  private final long heads;
  private final Tensor query; // [1, E]
  private final Linear keyValue;
  private final Linear out;
  private final LayerNorm norm;
  private final Mlp mlp;

  private AttentionPooling(Weights weights, VisionConfig config) {
    long width = config.hiddenSize();
    Weights attention = weights.under("attention");
    Tensor matrices = attention.tensor("in_proj_weight", 3 * width, width);
    Tensor biases = attention.tensor("in_proj_bias", 3 * width);
    Tensor probe = weights.tensor("probe", 1, 1, width).view(1, width);
    Linear queries = Linear.of(weights, matrices.narrow(0, 0, width), biases.narrow(0, 0, width));
    this.heads = config.heads();
    this.query = weights.keep(queries.apply(probe));
    this.keyValue =
        Linear.of(
            weights,
            weights.keep(matrices.narrow(0, width, 2 * width)),
            weights.keep(biases.narrow(0, width, 2 * width)));
    this.out = Linear.load(attention.under("out_proj"), width, width);
    this.norm = LayerNorm.load(weights.under("layernorm"), width, config.layerNormEpsilon());
    this.mlp =
        Mlp.load(
            weights.under("mlp"),
            width,
            config.intermediateSize(),
            config.layerSizes().activation());
  }

  /** Loads from the scope {@code head}. */
  public static AttentionPooling load(Weights weights, VisionConfig config) {
    return new AttentionPooling(weights, config);
  }

  /** [B, P, E] to [B, E]. */
  public Tensor apply(Tensor tiles) {
    long count = tiles.size(0);
    Tensor seen = SegmentAttention.split(keyValue.apply(tiles.flatten(0, 1)), count, heads);
    Tensor queries = query.expand(count, query.size(1)); // [B, E]
    Tensor pooled = out.apply(SegmentAttention.attend(queries, seen));
    return torch.add(pooled, mlp.apply(norm.apply(pooled)));
  }
}
