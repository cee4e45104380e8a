package dev.sluice.models.resampler;

import dev.sluice.models.layers.Activation;
import dev.sluice.models.weights.ModelConfig;

/**
 * Sizes of a Q-Former, by the keys of its {@code qformer_config}. Immutable.
 *
 * @param queries Q, the rows that it makes of a picture
 * @param visionWidth features of the tower's rows
 * @param crossAttentionEvery a layer looks at the picture when its index is a multiple of this
 */
public record QFormerConfig(
    int queries,
    int hiddenSize,
    int visionWidth,
    int intermediateSize,
    int layers,
    int heads,
    int crossAttentionEvery,
    int vocabulary,
    int maxPositions,
    Activation activation,
    double layerNormEpsilon) {

  private static final int DEFAULT_VOCABULARY = 30522;
  private static final int LOOKS_EVERY = 2;

  /**
   * Reads the sizes; a missing key keeps the default of transformers' {@code Blip2QFormerConfig}.
   *
   * @param visionWidth of the tower, whatever {@code encoder_hidden_size} says
   */
  public static QFormerConfig of(ModelConfig config, int queries, int visionWidth) {
    return of(
        config, queries, visionWidth, config.sizeOr("cross_attention_frequency", LOOKS_EVERY));
  }

  /** {@link #of(ModelConfig, int, int)} by LAVIS, which keeps the rhythm outside. */
  public static QFormerConfig ofLavis(
      ModelConfig config, ModelConfig bert, int queries, int visionWidth) {
    return of(bert, queries, visionWidth, config.sizeOr("cross_attention_freq", LOOKS_EVERY));
  }

  private static QFormerConfig of(ModelConfig config, int queries, int visionWidth, int every) {
    return new QFormerConfig(
        queries,
        config.sizeOr("hidden_size", 768),
        visionWidth,
        config.sizeOr("intermediate_size", 3072),
        config.sizeOr("num_hidden_layers", 12),
        config.sizeOr("num_attention_heads", 12),
        every,
        config.sizeOr("vocab_size", DEFAULT_VOCABULARY),
        config.sizeOr("max_position_embeddings", 512),
        Activation.of(config.stringOr("hidden_act", "gelu")),
        config.doubleOr("layer_norm_eps", 1e-12, 0, 1));
  }

  boolean looksAtPicture(int layer) {
    return layer % crossAttentionEvery == 0;
  }
}
