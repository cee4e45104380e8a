package dev.sluice.models.value;

import java.util.Optional;

/**
 * How text is generated. Immutable.
 *
 * @param maxNewTokens upper bound of generated tokens, at least 1
 * @param rules empty for those of the model's folder
 */
public record GenerationOptions(
    int maxNewTokens, Sampling sampling, Beams beams, Optional<TokenRules> rules) {
  public GenerationOptions {
    if (maxNewTokens < 1) {
      throw new IllegalArgumentException(
          "generation: expected max-new-tokens >= 1, found " + maxNewTokens);
    }
    if (beams.count() > 1 && !sampling.isLikeliest()) {
      throw new IllegalArgumentException(
          "generation: expected beams or sampling, found %d beams with temperature %s; set one beam"
                  .formatted(beams.count(), sampling.temperature())
              + " or temperature 0");
    }
  }

  /** The likeliest token at every step. */
  public static GenerationOptions greedy(int maxNewTokens) {
    return sampled(maxNewTokens, Sampling.LIKELIEST);
  }

  /** One text, its tokens drawn. */
  public static GenerationOptions sampled(int maxNewTokens, Sampling sampling) {
    return new GenerationOptions(maxNewTokens, sampling, Beams.SINGLE, Optional.empty());
  }

  /** The same with a search. */
  public GenerationOptions withBeams(Beams search) {
    return new GenerationOptions(maxNewTokens, sampling, search, rules);
  }

  /** The same with rules of its own. */
  public GenerationOptions withRules(TokenRules own) {
    return new GenerationOptions(maxNewTokens, sampling, beams, Optional.of(own));
  }

  /** Whether each token is the model's likeliest: nothing else bears on it. */
  public boolean takesLikeliest() {
    return sampling.isLikeliest()
        && beams.count() == 1
        && rules.orElse(TokenRules.NONE).equals(TokenRules.NONE);
  }
}
