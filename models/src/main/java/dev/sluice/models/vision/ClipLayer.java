package dev.sluice.models.vision;

import dev.sluice.models.layers.Activation;
import dev.sluice.models.layers.LayerNorm;
import dev.sluice.models.layers.Mlp;
import dev.sluice.models.layers.Segments;
import dev.sluice.models.layers.SelfAttention;
import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.weights.Weights;
import org.bytedeco.pytorch.Tensor;

/** One pre-norm layer of the CLIP tower. Owned by the device thread. */
final class ClipLayer {
  private final LayerNorm attentionNorm;
  private final SelfAttention attention;
  private final LayerNorm mlpNorm;
  private final Mlp mlp;

  private ClipLayer(LayerNorm attentionNorm, SelfAttention attention, LayerNorm mlpNorm, Mlp mlp) {
    this.attentionNorm = attentionNorm;
    this.attention = attention;
    this.mlpNorm = mlpNorm;
    this.mlp = mlp;
  }

  static ClipLayer load(Weights weights, VisionConfig config) {
    int width = config.hiddenSize();
    return new ClipLayer(
        LayerNorm.load(weights.under("layer_norm1"), width, config.layerNormEpsilon()),
        SelfAttention.load(weights.under("self_attn"), width, config.heads()),
        LayerNorm.load(weights.under("layer_norm2"), width, config.layerNormEpsilon()),
        Mlp.load(
            weights.under("mlp"),
            width,
            config.intermediateSize(),
            Activation.of(config.activation())));
  }

  /** Adds the layer's two updates to {@code x} [N, E]. */
  void update(Tensor x, Segments segments) {
    try (TensorScope scope = new TensorScope()) {
      x.add_(attention.apply(attentionNorm.apply(x), segments));
      x.add_(mlp.apply(mlpNorm.apply(x)));
    }
  }
}
