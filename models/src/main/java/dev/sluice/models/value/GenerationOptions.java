package dev.sluice.models.value;

/**
 * How text is generated. Immutable.
 *
 * @param maxNewTokens upper bound of generated tokens, at least 1
 * @param temperature 0 for greedy decoding
 * @param topK keep the k likeliest tokens, 0 for all
 * @param topP keep the likeliest tokens that together reach this probability, 1 for all
 * @param seed of the sampler; the same seed, picture and prompt give the same text
 */
public record GenerationOptions(
    int maxNewTokens, double temperature, int topK, double topP, long seed) {
  public GenerationOptions {
    if (maxNewTokens < 1 || temperature < 0 || topK < 0 || topP <= 0 || topP > 1) {
      throw new IllegalArgumentException(
          ("generation: expected max-new-tokens >= 1, temperature >= 0, top-k >= 0, 0 < top-p <= 1;"
                  + " found %d, %s, %d, %s")
              .formatted(maxNewTokens, temperature, topK, topP));
    }
  }

  /** The likeliest token at every step. */
  public static GenerationOptions greedy(int maxNewTokens) {
    return new GenerationOptions(maxNewTokens, 0, 0, 1, 0);
  }

  public boolean isGreedy() {
    return temperature == 0;
  }
}
