package dev.sluice.models.generation;

import java.util.Arrays;
import java.util.List;

/**
 * Bans the last id of a word where the others stand before it. Immutable.
 *
 * <p>transformers {@code NoBadWordsLogitsProcessor}.
 *
 * @param ids at least one
 */
record BadWord(List<Integer> ids) implements LogitsProcessor {
  @Override
  public void process(TokenHistory history, float[] scores) {
    int[] word = ids.stream().mapToInt(Integer::intValue).toArray();
    int[] start = Arrays.copyOf(word, word.length - 1);
    if (history.matches(history.length() - start.length, start)) {
      LogitsProcessor.ban(scores, word[word.length - 1]);
    }
  }
}
