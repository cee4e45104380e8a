package dev.sluice.models.language;

import dev.sluice.models.layers.Activation;
import dev.sluice.models.layers.EncoderLayer;
import dev.sluice.models.weights.ModelConfig;

/**
 * Sizes of a contrastive model's text tower, by the keys of its {@code text_config}. Immutable.
 *
 * @param maxPositions tokens of the longest text
 */
public record TextEncoderConfig(
    int vocabulary, int maxPositions, int layers, EncoderLayer.Sizes layerSizes) {

  /** What transformers' {@code CLIPTextConfig} is without keys. */
  public static final TextEncoderConfig CLIP =
      new TextEncoderConfig(
          49408, 77, 12, new EncoderLayer.Sizes(512, 8, 2048, 1e-5, Activation.QUICK_GELU));

  /** What transformers' {@code SiglipTextConfig} is without keys. */
  public static final TextEncoderConfig SIGLIP =
      new TextEncoderConfig(
          32000, 64, 12, new EncoderLayer.Sizes(768, 12, 3072, 1e-6, Activation.GELU_TANH));

  /** Reads a {@code text_config}; a key that is missing keeps the default. */
  public static TextEncoderConfig of(ModelConfig config, TextEncoderConfig published) {
    EncoderLayer.Sizes sizes = published.layerSizes;
    return new TextEncoderConfig(
        config.sizeOr("vocab_size", published.vocabulary),
        config.sizeOr("max_position_embeddings", published.maxPositions),
        config.sizeOr("num_hidden_layers", published.layers),
        new EncoderLayer.Sizes(
            config.sizeOr("hidden_size", sizes.width()),
            config.sizeOr("num_attention_heads", sizes.heads()),
            config.sizeOr("intermediate_size", sizes.intermediate()),
            config.doubleOr("layer_norm_eps", sizes.layerNormEpsilon(), 0, 1),
            config.findString("hidden_act").map(Activation::of).orElse(sizes.activation())));
  }

  public int width() {
    return layerSizes.width();
  }
}
