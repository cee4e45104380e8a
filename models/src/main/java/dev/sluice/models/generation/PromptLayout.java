package dev.sluice.models.generation;

import java.util.Arrays;

/**
 * What stands at every position of a prompt: a token id, or a visual token. Immutable.
 *
 * <p>Visual positions take the rows of the picture's visual tokens in order.
 */
public final class PromptLayout {
  /** Stands where a visual token goes. */
  public static final int VISUAL = -1;

  private final int[] ids;

  /**
   * @param ids token ids, {@link #VISUAL} where a visual token goes; at least one
   */
  public PromptLayout(int... ids) {
    if (ids.length == 0) {
      throw new IllegalArgumentException("prompt: expected at least 1 position, found none");
    }
    this.ids = ids.clone();
  }

  public int length() {
    return ids.length;
  }

  /** The token id at a position, or {@link #VISUAL}. */
  public int at(int position) {
    return ids[position];
  }

  /** Visual positions before {@code position}: the row that a visual token there takes. */
  public int visualBefore(int position) {
    int count = 0;
    for (int i = 0; i < position; i++) {
      count += ids[i] == VISUAL ? 1 : 0;
    }
    return count;
  }

  /** Visual positions in all. */
  public int visualCount() {
    return visualBefore(ids.length);
  }

  /** Positions before the first visual one: the part that prompts of one template share. */
  public int textPrefixLength() {
    int length = 0;
    while (length < ids.length && ids[length] != VISUAL) {
      length++;
    }
    return length;
  }

  /** The first {@code limit} positions, as the reference cuts over-long prompts. */
  public PromptLayout truncated(int limit) {
    return ids.length <= limit ? this : new PromptLayout(Arrays.copyOf(ids, limit));
  }

  /** A copy of the ids. */
  public int[] toArray() {
    return ids.clone();
  }
}
