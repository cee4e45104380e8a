package dev.sluice.models.value;

import java.util.List;

/**
 * A finished generation. Immutable.
 *
 * @param tokenIds the generated ids, without the end token
 * @param meanLogprob mean natural logarithm of the chosen tokens' probabilities, the end token
 *     included
 */
public record GeneratedText(
    String text, FinishReason finishReason, List<Integer> tokenIds, double meanLogprob) {
  public GeneratedText {
    tokenIds = List.copyOf(tokenIds);
  }

  /** Why generation ended. */
  public enum FinishReason {
    /** An end token was generated. */
    STOP,
    /** The limit of new tokens was reached. */
    LENGTH
  }
}
