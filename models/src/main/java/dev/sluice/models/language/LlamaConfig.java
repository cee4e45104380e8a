package dev.sluice.models.language;

import dev.sluice.models.weights.ModelConfig;

/**
 * Sizes of a LLaMA-type language model, by the keys of its {@code config.json}. Immutable.
 *
 * @param keyHeads key-value heads; equal to {@code heads} without grouped queries
 * @param tied the output head is the embedding table
 */
public record LlamaConfig(
    int vocabulary,
    int hiddenSize,
    int intermediateSize,
    int layers,
    int heads,
    int keyHeads,
    int headSize,
    double rmsNormEpsilon,
    double ropeTheta,
    int maxPositions,
    boolean tied) {

  private static final int DEFAULT_VOCABULARY = 32000;
  private static final int DEFAULT_POSITIONS = 2048;

  /** Reads the sizes; a missing key keeps the default of transformers' {@code LlamaConfig}. */
  public static LlamaConfig of(ModelConfig config) {
    int hidden = config.sizeOr("hidden_size", 4096);
    int heads = config.sizeOr("num_attention_heads", 32);
    return new LlamaConfig(
        config.sizeOr("vocab_size", DEFAULT_VOCABULARY),
        hidden,
        config.sizeOr("intermediate_size", 11008),
        config.sizeOr("num_hidden_layers", 32),
        heads,
        config.sizeOr("num_key_value_heads", heads),
        config.sizeOr("head_dim", hidden / heads),
        config.doubleOr("rms_norm_eps", 1e-6, 0, 1),
        config.doubleOr("rope_theta", 10000, 1, 1e12),
        config.sizeOr("max_position_embeddings", DEFAULT_POSITIONS),
        config.booleanOr("tie_word_embeddings", false));
  }

  public HeadLayout headLayout() {
    return new HeadLayout(heads, keyHeads, headSize);
  }

  public KvShape kvShape() {
    return new KvShape(layers, keyHeads, headSize);
  }
}
