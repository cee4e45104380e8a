package dev.sluice.models.language;

import dev.sluice.models.layers.Activation;
import dev.sluice.models.weights.ModelConfig;

/**
 * Sizes of BLIP's BERT, by the keys of its {@code text_config}. Immutable.
 *
 * @param memoryWidth features of the picture's rows that the layers attend to
 */
public record BertConfig(
    int vocabulary,
    int hiddenSize,
    int memoryWidth,
    int intermediateSize,
    int layers,
    int heads,
    int maxPositions,
    Activation activation,
    double layerNormEpsilon) {

  private static final int DEFAULT_VOCABULARY = 30524;
  private static final int DEFAULT_POSITIONS = 512;

  /**
   * Reads the sizes; a missing key keeps the default of transformers' {@code BlipTextConfig}, which
   * has 8 heads where published folders have 12.
   *
   * @param memoryWidth from the vision tower, whatever {@code encoder_hidden_size} says
   */
  public static BertConfig of(ModelConfig config, int memoryWidth) {
    return new BertConfig(
        config.sizeOr("vocab_size", DEFAULT_VOCABULARY),
        config.sizeOr("hidden_size", 768),
        memoryWidth,
        config.sizeOr("intermediate_size", 3072),
        config.sizeOr("num_hidden_layers", 12),
        config.sizeOr("num_attention_heads", 8),
        config.sizeOr("max_position_embeddings", DEFAULT_POSITIONS),
        Activation.of(config.stringOr("hidden_act", "gelu")),
        config.doubleOr("layer_norm_eps", 1e-12, 0, 1));
  }

  public HeadLayout headLayout() {
    return new HeadLayout(heads, heads, hiddenSize / heads);
  }

  public KvShape kvShape() {
    return new KvShape(layers, heads, hiddenSize / heads);
  }
}
