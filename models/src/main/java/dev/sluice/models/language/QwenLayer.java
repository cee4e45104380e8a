package dev.sluice.models.language;

import dev.sluice.models.layers.GatedMlp;
import dev.sluice.models.layers.Linear;
import dev.sluice.models.layers.LoraLinear;
import dev.sluice.models.layers.LowRankUpdates;
import dev.sluice.models.layers.RmsNorm;
import dev.sluice.models.layers.RotaryEmbedding;
import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.weights.Weights;
import org.bytedeco.pytorch.Tensor;

/**
 * One layer of Qwen 1: attention and gated MLP, each behind an RMS norm, with the adapters that
 * Monkey's training adds to them where the checkpoint has such. Owned by the device thread.
 */
final class QwenLayer {
  private final int index;
  private final HeadLayout heads;
  private final RmsNorm attentionNorm;
  private final LoraLinear queryKeyValue;
  private final LoraLinear attentionOut;
  private final RmsNorm mlpNorm;
  private final GatedMlp mlp;

  QwenLayer(Weights weights, int index, QwenConfig config) {
    this.index = index;
    this.heads = config.heads();
    int width = config.hiddenSize();
    this.attentionNorm = RmsNorm.load(weights.under("ln_1"), width, config.normEpsilon());
    Weights attention = weights.under("attn");
    long projected = (long) heads.queryWidth() + 2L * heads.keyWidth();
    this.queryKeyValue =
        LoraLinear.withOne(
            Linear.load(attention.under("c_attn"), width, projected),
            attention.under("c_attn_lora"),
            width,
            projected);
    this.attentionOut =
        LoraLinear.withOne(
            Linear.loadWithoutBias(attention.under("c_proj"), heads.queryWidth(), width),
            attention.under("c_proj_lora"),
            heads.queryWidth(),
            width);
    this.mlpNorm = RmsNorm.load(weights.under("ln_2"), width, config.normEpsilon());
    this.mlp = mlp(weights.under("mlp"), width, config.intermediateSize());
  }

  private static GatedMlp mlp(Weights weights, long width, long hidden) {
    return GatedMlp.load(
            weights.under("w2"), weights.under("w1"), weights.under("c_proj"), width, hidden)
        .adapted(
            LowRankUpdates.loadOne(weights.under("w2_lora"), width, hidden),
            LowRankUpdates.loadOne(weights.under("w1_lora"), width, hidden));
  }

  /**
   * Adds the layer's two updates to {@code x} [N, E].
   *
   * @param queryScales [N, 1]
   */
  void update(Tensor x, PackedPass pass, RotaryEmbedding.Rows rotary, Tensor queryScales) {
    try (TensorScope scope = new TensorScope()) {
      Tensor qkv = queryKeyValue.apply(attentionNorm.apply(x)); // [N, 3 H D]
      long turned = (long) heads.queryHeads() + heads.keyHeads();
      rotary.rotate(qkv.narrow(1, 0, turned * heads.headSize()).view(-1, turned, heads.headSize()));
      qkv.narrow(1, 0, heads.queryWidth()).mul_(queryScales);
      x.add_(attentionOut.apply(pass.attend(index, qkv, heads)));
      x.add_(mlp.apply(mlpNorm.apply(x)));
    }
  }
}
