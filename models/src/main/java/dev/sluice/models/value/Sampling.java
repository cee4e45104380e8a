package dev.sluice.models.value;

/**
 * How the next token is drawn. Immutable.
 *
 * @param temperature 0 to take the likeliest
 * @param topK keep the k likeliest tokens, 0 for all
 * @param topP keep the likeliest tokens that together reach this probability, 1 for all
 * @param seed the same seed, picture and prompt give the same text
 */
public record Sampling(double temperature, int topK, double topP, long seed) {
  /** The likeliest token. */
  public static final Sampling LIKELIEST = new Sampling(0, 0, 1, 0);

  public Sampling {
    if (!(temperature >= 0) || topK < 0 || !(topP > 0) || topP > 1) {
      throw new IllegalArgumentException(
          "sampling: expected temperature >= 0, top-k >= 0, 0 < top-p <= 1; found %s, %d, %s"
              .formatted(temperature, topK, topP));
    }
  }

  public boolean isLikeliest() {
    return temperature == 0;
  }
}
