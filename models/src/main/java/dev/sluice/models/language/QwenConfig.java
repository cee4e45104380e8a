package dev.sluice.models.language;

import dev.sluice.models.weights.ModelConfig;

/**
 * Sizes of a Qwen 1 language model. Immutable.
 *
 * @param intermediateSize of each of the two gated matrices; half of the published key
 * @param trainedLength positions that it was trained on ({@code seq_length})
 * @param dynamicNtk longer prompts turn with a larger rotary base
 * @param logN queries behind the trained length are scaled up
 */
public record QwenConfig(
    int vocabulary,
    int hiddenSize,
    int intermediateSize,
    int layers,
    HeadLayout heads,
    double normEpsilon,
    double rotaryBase,
    int trainedLength,
    int maxPositions,
    boolean dynamicNtk,
    boolean logN) {

  /**
   * Reads the sizes; a missing key keeps what {@code QWenConfig} has.
   *
   * @throws dev.sluice.models.weights.WeightsException for a variant that was never published
   */
  public static QwenConfig of(ModelConfig config) {
    requirePublished(config);
    int heads = config.sizeOr("num_attention_heads", 32);
    return new QwenConfig(
        config.sizeOr("vocab_size", 151936),
        config.sizeOr("hidden_size", 4096),
        config.intOr("intermediate_size", 22016, 2, 1 << 20) / 2,
        config.sizeOr("num_hidden_layers", 32),
        new HeadLayout(heads, heads, config.intOr("kv_channels", 128, 4, 1 << 12)),
        config.doubleOr("layer_norm_epsilon", 1e-6, 0, 1),
        config.doubleOr("rotary_emb_base", 10000, 1, 1e12),
        config.intOr("seq_length", 2048, 2, 1 << 20),
        config.sizeOr("max_position_embeddings", 8192),
        config.booleanOr("use_dynamic_ntk", true),
        config.booleanOr("use_logn_attn", true));
  }

  private static void requirePublished(ModelConfig config) {
    if (config.doubleOr("rotary_pct", 1, 0, 1) != 1) {
      throw config.error("rotary_pct", "1");
    }
    if (!config.booleanOr("no_bias", true)) {
      throw config.error("no_bias", "true");
    }
    if (config.booleanOr("tie_word_embeddings", false)) {
      throw config.error("tie_word_embeddings", "false");
    }
  }

  public KvShape kvShape() {
    return new KvShape(layers, heads.keyHeads(), heads.headSize());
  }
}
