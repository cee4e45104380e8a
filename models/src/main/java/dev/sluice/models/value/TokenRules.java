package dev.sluice.models.value;

import java.util.List;
import java.util.Set;

/**
 * Which tokens may follow, beyond what the model finds likely; the rules of {@code
 * generation_config.json}. Immutable.
 *
 * @param minNewTokens generated tokens before an end token may come
 * @param minLength the same, with the prompt's positions counted
 * @param repetitionPenalty above 1 makes ids of the prompt and the text less likely, 1 for none
 * @param noRepeatNgram no group of this many ids comes twice, 0 for no such rule
 * @param badWords sequences of ids that never come
 * @param forcedBegin the first generated token after a prompt of one position, empty for none
 * @param forcedEnd the last token where the limit is reached, any of these; empty for none
 * @param suppressed ids that never come
 * @param suppressedAtBegin ids that do not come first
 */
public record TokenRules(
    int minNewTokens,
    int minLength,
    double repetitionPenalty,
    int noRepeatNgram,
    List<List<Integer>> badWords,
    Set<Integer> forcedBegin,
    Set<Integer> forcedEnd,
    Set<Integer> suppressed,
    Set<Integer> suppressedAtBegin) {
  /** The model alone decides. */
  public static final TokenRules NONE =
      new TokenRules(0, 0, 1, 0, List.of(), Set.of(), Set.of(), Set.of(), Set.of());

  public TokenRules {
    if (minNewTokens < 0 || minLength < 0 || noRepeatNgram < 0 || !(repetitionPenalty > 0)) {
      throw new IllegalArgumentException(
          ("token rules: expected min-new-tokens, min-length, no-repeat-ngram >= 0 and"
                  + " repetition-penalty > 0; found %d, %d, %d, %s")
              .formatted(minNewTokens, minLength, noRepeatNgram, repetitionPenalty));
    }
    badWords = badWords.stream().map(List::copyOf).toList();
    forcedBegin = Set.copyOf(forcedBegin);
    forcedEnd = Set.copyOf(forcedEnd);
    suppressed = Set.copyOf(suppressed);
    suppressedAtBegin = Set.copyOf(suppressedAtBegin);
  }
}
