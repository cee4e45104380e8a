package dev.sluice.models.generation;

/**
 * Bans every token that would end a group of {@code size} ids that stands before already.
 * Immutable.
 *
 * <p>transformers {@code NoRepeatNGramLogitsProcessor}.
 */
record NoRepeatNgram(int size) implements LogitsProcessor {
  @Override
  public void process(TokenHistory history, float[] scores) {
    if (history.length() < size) {
      return;
    }
    int[] start = history.last(size - 1);
    for (int from = 0; from + size <= history.length(); from++) {
      if (history.matches(from, start)) {
        LogitsProcessor.ban(scores, history.at(from + size - 1));
      }
    }
  }
}
