package dev.sluice.models.language;

import dev.sluice.models.weights.ModelConfig;
import java.util.List;

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
  private static final double DEFAULT_THETA = 10000;

  /** Reads the sizes; a missing key keeps the default of transformers' {@code LlamaConfig}. */
  public static LlamaConfig of(ModelConfig config) {
    requirePlain(config);
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
        ropeTheta(config),
        config.sizeOr("max_position_embeddings", DEFAULT_POSITIONS),
        config.booleanOr("tie_word_embeddings", false));
  }

  /** Newer files keep it in {@code rope_parameters}. */
  private static double ropeTheta(ModelConfig config) {
    ModelConfig parameters = config.atOrEmpty("rope_parameters");
    return parameters.orElse(config).doubleOr("rope_theta", DEFAULT_THETA, 1, 1e12);
  }

  /** What the layers here do not compute. */
  private static void requirePlain(ModelConfig config) {
    if (!config.stringOr("hidden_act", "silu").equals("silu")) {
      throw config.error("hidden_act", "silu");
    }
    for (String bias : List.of("attention_bias", "mlp_bias")) {
      if (config.booleanOr(bias, false)) {
        throw config.error(bias, "false");
      }
    }
    for (String rope : List.of("rope_scaling", "rope_parameters")) {
      ModelConfig scaling = config.atOrEmpty(rope);
      String type = scaling.stringOr("rope_type", scaling.stringOr("type", "default"));
      if (!type.equals("default")) {
        throw scaling.error("rope_type", "default");
      }
    }
  }

  /** The same model with the output head of its checkpoint. */
  public LlamaConfig withTied(boolean other) {
    return new LlamaConfig(
        vocabulary,
        hiddenSize,
        intermediateSize,
        layers,
        heads,
        keyHeads,
        headSize,
        rmsNormEpsilon,
        ropeTheta,
        maxPositions,
        other);
  }

  public HeadLayout headLayout() {
    return new HeadLayout(heads, keyHeads, headSize);
  }

  public KvShape kvShape() {
    return new KvShape(layers, keyHeads, headSize);
  }
}
