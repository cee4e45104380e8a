package dev.sluice.models.generation;

import java.util.Arrays;

/**
 * The ids before the next token: prompt, then generated; {@link PromptLayout#VISUAL} where a visual
 * token stands. Immutable.
 */
final class TokenHistory {
  private final int[] ids;
  private final int promptLength;

  /**
   * @param ids shared, not copied
   */
  TokenHistory(int[] ids, int promptLength) {
    this.ids = ids;
    this.promptLength = promptLength;
  }

  int length() {
    return ids.length;
  }

  int newTokens() {
    return ids.length - promptLength;
  }

  int at(int position) {
    return ids[position];
  }

  /** The ids that occur, visual positions left out. */
  int[] distinct() {
    return Arrays.stream(ids).filter(id -> id >= 0).distinct().toArray();
  }

  /** Whether these ids stand at {@code from}; false where they would begin before the prompt. */
  boolean matches(int from, int[] expected) {
    return from >= 0
        && Arrays.equals(ids, from, from + expected.length, expected, 0, expected.length);
  }

  /** The last {@code count} ids. */
  int[] last(int count) {
    return Arrays.copyOfRange(ids, ids.length - count, ids.length);
  }
}
