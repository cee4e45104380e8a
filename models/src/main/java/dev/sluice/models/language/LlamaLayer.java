package dev.sluice.models.language;

import dev.sluice.models.layers.GatedMlp;
import dev.sluice.models.layers.Linear;
import dev.sluice.models.layers.RmsNorm;
import dev.sluice.models.layers.RotaryEmbedding;
import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.weights.Weights;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * One layer of LLaMA: attention and gated MLP, each behind an RMS norm. Owned by the device thread.
 */
final class LlamaLayer {
  private final int index;
  private final HeadLayout heads;
  private final RmsNorm attentionNorm;
  private final Linear queryKeyValue;
  private final Linear attentionOut;
  private final RmsNorm mlpNorm;
  private final GatedMlp mlp;

  LlamaLayer(Weights weights, int index, LlamaConfig config) {
    this.index = index;
    this.heads = config.headLayout();
    int width = config.hiddenSize();
    Weights attention = weights.under("self_attn");
    this.attentionNorm =
        RmsNorm.load(weights.under("input_layernorm"), width, config.rmsNormEpsilon());
    this.queryKeyValue =
        Linear.loadStackedWithoutBias(
            List.of(
                attention.under("q_proj"), attention.under("k_proj"), attention.under("v_proj")),
            width,
            List.of((long) heads.queryWidth(), (long) heads.keyWidth(), (long) heads.keyWidth()));
    this.attentionOut =
        Linear.loadWithoutBias(attention.under("o_proj"), heads.queryWidth(), width);
    this.mlpNorm =
        RmsNorm.load(weights.under("post_attention_layernorm"), width, config.rmsNormEpsilon());
    this.mlp = GatedMlp.load(weights.under("mlp"), width, config.intermediateSize());
  }

  /** Adds the layer's two updates to {@code x} [N, E]. */
  void update(Tensor x, PackedPass pass, RotaryEmbedding.Rows rotary) {
    try (TensorScope scope = new TensorScope()) {
      Tensor qkv = queryKeyValue.apply(attentionNorm.apply(x)); // [N, (H + 2 Hkv) D]
      long turned = (long) heads.queryHeads() + heads.keyHeads();
      rotary.rotate(qkv.narrow(1, 0, turned * heads.headSize()).view(-1, turned, heads.headSize()));
      x.add_(attentionOut.apply(pass.attend(index, qkv, heads)));
      x.add_(mlp.apply(mlpNorm.apply(x)));
    }
  }
}
