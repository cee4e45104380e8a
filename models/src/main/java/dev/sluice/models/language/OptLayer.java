package dev.sluice.models.language;

import dev.sluice.models.layers.LayerNorm;
import dev.sluice.models.layers.Linear;
import dev.sluice.models.layers.Mlp;
import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.weights.Weights;
import java.util.Collections;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** One layer of OPT: attention and two matrices, each behind a norm. Owned by the device thread. */
final class OptLayer {
  private final int index;
  private final HeadLayout heads;
  private final LayerNorm attentionNorm;
  private final Linear queryKeyValue;
  private final Linear attentionOut;
  private final LayerNorm mlpNorm;
  private final Mlp mlp;

  OptLayer(Weights weights, int index, OptConfig config) {
    this.index = index;
    this.heads = config.headLayout();
    int width = config.hiddenSize();
    Weights attention = weights.under("self_attn");
    this.attentionNorm = norm(weights.under("self_attn_layer_norm"), width);
    this.queryKeyValue =
        Linear.loadStacked(
            List.of(
                attention.under("q_proj"), attention.under("k_proj"), attention.under("v_proj")),
            width,
            Collections.nCopies(3, (long) width));
    this.attentionOut = Linear.load(attention.under("out_proj"), width, width);
    this.mlpNorm = norm(weights.under("final_layer_norm"), width);
    this.mlp = Mlp.load(weights, width, config.feedForwardSize(), config.activation());
  }

  private static LayerNorm norm(Weights weights, int width) {
    return LayerNorm.load(weights, width, OptConfig.LAYER_NORM_EPSILON);
  }

  /** Adds the layer's two updates to {@code x} [N, E]. */
  void update(Tensor x, PackedPass pass) {
    try (TensorScope scope = new TensorScope()) {
      Tensor qkv = queryKeyValue.apply(attentionNorm.apply(x)); // [N, 3 E]
      x.add_(attentionOut.apply(pass.attend(index, qkv, heads)));
      x.add_(mlp.apply(mlpNorm.apply(x)));
    }
  }
}
