package dev.sluice.models.value;

/**
 * How many texts are followed at once to find the likeliest one. Immutable.
 *
 * @param count texts at once, 1 for no search
 * @param lengthPenalty a text's score is the logarithm of its probability, divided by its length to
 *     this power: above 0 prefers longer texts
 */
public record Beams(int count, double lengthPenalty, EarlyStopping earlyStopping) {
  /** No search. */
  public static final Beams SINGLE = new Beams(1, 1, EarlyStopping.HEURISTIC);

  /** Bounds the memory that one request may ask for. */
  public static final int MOST = 64;

  public Beams {
    if (count < 1 || count > MOST || !Double.isFinite(lengthPenalty)) {
      throw new IllegalArgumentException(
          "beams: expected 1 to %d with a finite length penalty, found %d with %s"
              .formatted(MOST, count, lengthPenalty));
    }
  }

  /** When the search ends, by the values of {@code early_stopping} in transformers. */
  public enum EarlyStopping {
    /** {@code true}: with as many finished texts as beams. */
    WHEN_ALL_FINISHED,
    /** {@code false}: when the best running text, as it stands, is no better than the finished. */
    HEURISTIC,
    /** {@code "never"}: when no running text can become better than the finished. */
    NEVER
  }
}
