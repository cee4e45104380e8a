package dev.sluice.models.generation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.models.value.Beams;
import dev.sluice.models.value.Beams.EarlyStopping;
import dev.sluice.models.value.GenerationOptions;
import dev.sluice.models.value.Sampling;
import dev.sluice.models.value.TokenRules;
import dev.sluice.models.weights.ModelConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a model's folder wants text to be generated: {@code generation_config.json}. Immutable.
 *
 * <p>transformers 5.18 {@code GenerationConfig}; a missing key has its default.
 */
public final class GenerationDefaults {
  private static final int DEFAULT_NEW_TOKENS = 20;
  private static final int DEFAULT_TOP_K = 50;
  private static final int MOST = 1 << 20;
  private static final double NONE = Double.NaN;

  /** Rules that the engine does not have, with the number at which they change nothing. */
  private static final Map<String, Double> UNKNOWN_RULES =
      Map.of(
          "sequence_bias",
          NONE,
          "exponential_decay_length_penalty",
          NONE,
          "watermarking_config",
          NONE,
          "guidance_scale",
          1.0,
          "encoder_repetition_penalty",
          1.0,
          "encoder_no_repeat_ngram_size",
          0.0);

  /** Ways of decoding that are neither greedy, nor plain sampling, nor beam search. */
  private static final Map<String, Double> UNKNOWN_MODES =
      Map.of(
          "penalty_alpha", 0.0,
          "num_beam_groups", 1.0,
          "num_return_sequences", 1.0,
          "constraints", NONE,
          "force_words_ids", NONE,
          "prompt_lookup_num_tokens", NONE,
          "assistant_early_exit", NONE,
          "dola_layers", NONE,
          "stop_strings", NONE,
          "renormalize_logits", NONE);

  private static final Map<String, Double> UNKNOWN_SAMPLERS =
      Map.of(
          "min_p", 0.0,
          "top_h", NONE,
          "typical_p", 1.0,
          "epsilon_cutoff", 0.0,
          "eta_cutoff", 0.0);

  private final ModelConfig config;
  private final TokenRules rules;

  private GenerationDefaults(ModelConfig config, TokenRules rules) {
    this.config = config;
    this.rules = rules;
  }

  /**
   * Reads the rules of a folder's {@code generation_config.json}, empty where there is none.
   *
   * @throws dev.sluice.models.weights.WeightsException for a rule that the engine does not have
   */
  public static GenerationDefaults of(ModelConfig config) {
    requireOff(config, UNKNOWN_RULES);
    return new GenerationDefaults(config, readRules(config));
  }

  /** What holds however a token is chosen. */
  public TokenRules rules() {
    return rules;
  }

  /**
   * Everything as the folder says.
   *
   * @param promptPositions which {@code max_length} counts too
   * @throws dev.sluice.models.weights.WeightsException for a way of decoding that the engine does
   *     not have
   */
  public GenerationOptions options(int promptPositions) {
    requireOff(config, UNKNOWN_MODES);
    return new GenerationOptions(
        maxNewTokens(promptPositions), sampling(), beams(), Optional.of(rules));
  }

  private int maxNewTokens(int promptPositions) {
    if (config.has("max_new_tokens") || !config.has("max_length")) {
      return config.intOr("max_new_tokens", DEFAULT_NEW_TOKENS, 1, MOST);
    }
    int all = config.intAt("max_length", 1, MOST);
    if (all <= promptPositions) {
      throw new IllegalArgumentException(
          "prompt: expected less than the %d positions that %s allows ('max_length'), found %d"
              .formatted(all, config.file(), promptPositions));
    }
    return all - promptPositions;
  }

  private Sampling sampling() {
    if (!config.booleanOr("do_sample", false)) {
      return Sampling.LIKELIEST;
    }
    requireOff(config, UNKNOWN_SAMPLERS);
    return new Sampling(
        config.doubleOr("temperature", 1, Double.MIN_NORMAL, 1e6),
        config.intOr("top_k", DEFAULT_TOP_K, 0, MOST),
        config.doubleOr("top_p", 1, Double.MIN_NORMAL, 1),
        0);
  }

  private Beams beams() {
    return new Beams(
        config.intOr("num_beams", 1, 1, Beams.MOST),
        config.doubleOr("length_penalty", 1, -100, 100),
        earlyStopping());
  }

  private EarlyStopping earlyStopping() {
    JsonNode value = config.json().path("early_stopping");
    if (value.isTextual() && value.textValue().equals("never")) {
      return EarlyStopping.NEVER;
    }
    return config.booleanOr("early_stopping", false)
        ? EarlyStopping.WHEN_ALL_FINISHED
        : EarlyStopping.HEURISTIC;
  }

  private static TokenRules readRules(ModelConfig config) {
    int minNewTokens = config.intOr("min_new_tokens", 0, 0, MOST);
    return new TokenRules(
        minNewTokens,
        minNewTokens > 0 ? 0 : config.intOr("min_length", 0, 0, MOST),
        config.doubleOr("repetition_penalty", 1, Double.MIN_NORMAL, 1e6),
        config.intOr("no_repeat_ngram_size", 0, 0, MOST),
        badWords(config),
        Set.copyOf(config.ints("forced_bos_token_id")),
        Set.copyOf(config.ints("forced_eos_token_id")),
        Set.copyOf(config.ints("suppress_tokens")),
        Set.copyOf(config.ints("begin_suppress_tokens")));
  }

  private static List<List<Integer>> badWords(ModelConfig config) {
    List<List<Integer>> words = new ArrayList<>();
    for (JsonNode word : config.json().path("bad_words_ids")) {
      List<Integer> ids = new ArrayList<>();
      for (JsonNode id : word) {
        if (!id.canConvertToInt() || id.intValue() < 0) {
          throw config.error("bad_words_ids", "lists of token ids");
        }
        ids.add(id.intValue());
      }
      if (ids.isEmpty()) {
        throw config.error("bad_words_ids", "lists of at least one token id");
      }
      words.add(ids);
    }
    return words;
  }

  private static void requireOff(ModelConfig config, Map<String, Double> neutral) {
    neutral.forEach(
        (key, off) -> {
          JsonNode value = config.json().path(key);
          boolean isOff =
              !config.has(key)
                  || (value.isBoolean() && !value.booleanValue())
                  || (value.isNumber() && value.doubleValue() == off);
          if (!isOff) {
            throw config.error(key, "nothing, since the engine decodes without it");
          }
        });
  }
}
