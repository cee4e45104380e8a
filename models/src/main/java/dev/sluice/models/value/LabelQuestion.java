package dev.sluice.models.value;

import java.util.List;

/**
 * A question with a closed list of answers, scored in one pass. Immutable.
 *
 * @param prompt the question
 * @param options the answers to score, at least two; each must begin with a token of its own
 */
public record LabelQuestion(Prompt prompt, List<String> options) {
  public LabelQuestion {
    options = List.copyOf(options);
    if (options.size() < 2) {
      throw new IllegalArgumentException(
          "question '" + prompt.id() + "': expected at least 2 options, found " + options.size());
    }
  }
}
