package dev.sluice.models.value;

import java.util.List;

/**
 * A question with a closed list of answers, scored in one pass. Immutable.
 *
 * @param prompt the question
 * @param options the answers to score, at least one; one alone tells something only where scores
 *     are independent of each other
 */
public record LabelQuestion(Prompt prompt, List<String> options) {
  public LabelQuestion {
    options = List.copyOf(options);
    if (options.isEmpty()) {
      throw new IllegalArgumentException(
          "question '" + prompt.id() + "': expected at least 1 option, found none");
    }
  }
}
