package dev.sluice.models.vision;

import dev.sluice.models.layers.Activation;
import dev.sluice.models.layers.AdapterRows;
import dev.sluice.models.layers.LayerNorm;
import dev.sluice.models.layers.Linear;
import dev.sluice.models.layers.LoraLinear;
import dev.sluice.models.layers.LowRankUpdates;
import dev.sluice.models.layers.Mlp;
import dev.sluice.models.layers.SegmentAttention;
import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.weights.Weights;
import org.bytedeco.pytorch.Tensor;

/** One pre-norm layer of Qwen-VL's tower with Monkey's adapters. Owned by the device thread. */
final class QwenVisionLayer {
  private final LayerNorm attentionNorm;
  private final LoraLinear queryKeyValue;
  private final long heads;
  private final LoraLinear attentionOut;
  private final LayerNorm mlpNorm;
  private final Mlp mlp;
  private final LowRankUpdates mlpUpdates;

  private QwenVisionLayer(Weights weights, VisionConfig config, int adapters) {
    long width = config.hiddenSize();
    Weights attentionWeights = weights.under("attn");
    this.attentionNorm = LayerNorm.load(weights.under("ln_1"), width, config.layerNormEpsilon());
    this.queryKeyValue = LoraLinear.load(attentionWeights, "in_proj", adapters, width, 3 * width);
    this.heads = config.heads();
    this.attentionOut = LoraLinear.load(attentionWeights, "out_proj", adapters, width, width);
    this.mlpNorm = LayerNorm.load(weights.under("ln_2"), width, config.layerNormEpsilon());
    Weights mlpWeights = weights.under("mlp");
    long hidden = config.intermediateSize();
    this.mlp =
        Mlp.of(
            Linear.load(mlpWeights.under("c_fc"), width, hidden),
            Activation.of(config.activation()),
            Linear.load(mlpWeights.under("c_proj"), hidden, width));
    this.mlpUpdates = LowRankUpdates.load(weights.under("mlp_lora"), adapters, width, width);
  }

  static QwenVisionLayer load(Weights weights, VisionConfig config, int adapters) {
    return new QwenVisionLayer(weights, config, adapters);
  }

  /**
   * Adds the layer's two updates to {@code x} [B P, E]; the MLP's adapters read it un-normalised.
   *
   * @param tiles B
   */
  void update(Tensor x, long tiles, AdapterRows rows) {
    try (TensorScope scope = new TensorScope()) {
      Tensor qkv = queryKeyValue.apply(attentionNorm.apply(x), rows); // [N, 3 E]
      x.add_(attentionOut.apply(SegmentAttention.selfByHead(qkv, tiles, heads), rows));
      Tensor change = mlp.apply(mlpNorm.apply(x)); // [N, E]
      mlpUpdates.addTo(change, x, rows);
      x.add_(change);
    }
  }
}
