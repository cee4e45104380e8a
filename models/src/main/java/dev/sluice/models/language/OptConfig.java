package dev.sluice.models.language;

import dev.sluice.models.layers.Activation;
import dev.sluice.models.weights.ModelConfig;

/**
 * Sizes of OPT, by the keys of its {@code config.json}. Immutable.
 *
 * @param tied the output head is the embedding table
 */
public record OptConfig(
    int vocabulary,
    int hiddenSize,
    int feedForwardSize,
    int layers,
    int heads,
    int maxPositions,
    Activation activation,
    boolean tied) {
  /** transformers' {@code OPTConfig} has no key for it. */
  static final double LAYER_NORM_EPSILON = 1e-5;

  private static final int DEFAULT_VOCABULARY = 50272;
  private static final int DEFAULT_POSITIONS = 2048;

  /**
   * Reads the sizes; a missing key keeps the default of transformers' {@code OPTConfig}.
   *
   * @throws dev.sluice.models.weights.WeightsException for the layout of opt-350m alone, whose
   *     norms come after and whose embeddings are narrower
   */
  public static OptConfig of(ModelConfig config) {
    int hidden = config.sizeOr("hidden_size", 768);
    if (!config.booleanOr("do_layer_norm_before", true)) {
      throw config.error("do_layer_norm_before", "true");
    }
    if (config.sizeOr("word_embed_proj_dim", hidden) != hidden) {
      throw config.error("word_embed_proj_dim", "hidden_size, " + hidden);
    }
    return new OptConfig(
        config.sizeOr("vocab_size", DEFAULT_VOCABULARY),
        hidden,
        config.sizeOr("ffn_dim", 3072),
        config.sizeOr("num_hidden_layers", 12),
        config.sizeOr("num_attention_heads", 12),
        config.sizeOr("max_position_embeddings", DEFAULT_POSITIONS),
        Activation.of(config.stringOr("activation_function", "relu")),
        config.booleanOr("tie_word_embeddings", true));
  }

  public HeadLayout headLayout() {
    return new HeadLayout(heads, heads, hiddenSize / heads);
  }

  public KvShape kvShape() {
    return new KvShape(layers, heads, hiddenSize / heads);
  }
}
