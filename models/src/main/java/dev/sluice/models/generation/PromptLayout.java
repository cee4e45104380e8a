package dev.sluice.models.generation;

import java.util.Arrays;

/**
 * What stands at every position of a prompt: a token id, or a visual token. Immutable.
 *
 * <p>Visual positions take the rows of the picture's visual tokens in order. A prompt {@link
 * #beside} its picture has none: each of its positions attends to the whole picture.
 */
public final class PromptLayout {
  /** Stands where a visual token goes. */
  public static final int VISUAL = -1;

  private final int[] ids;
  private final boolean besidePicture;
  private final boolean sharesPrefix;

  /**
   * @param ids token ids, {@link #VISUAL} where a visual token goes; at least one
   */
  public PromptLayout(int... ids) {
    this(ids.clone(), false, true);
  }

  private PromptLayout(int[] ids, boolean besidePicture, boolean sharesPrefix) {
    if (ids.length == 0) {
      throw new IllegalArgumentException("prompt: expected at least 1 position, found none");
    }
    this.ids = ids;
    this.besidePicture = besidePicture;
    this.sharesPrefix = sharesPrefix;
  }

  /**
   * A prompt for a model that attends to the picture's tokens without having them in the prompt.
   *
   * @param ids token ids, at least one
   */
  public static PromptLayout beside(int... ids) {
    PromptLayout layout = new PromptLayout(ids.clone(), true, false);
    if (layout.visualCount() > 0) {
      throw new IllegalArgumentException(
          "prompt beside its picture: expected token ids alone, found %d visual positions"
              .formatted(layout.visualCount()));
    }
    return layout;
  }

  /**
   * The same prompt for a model that computes its first positions differently from those of other
   * prompts that begin with the same ids.
   */
  public PromptLayout withOwnPrefix() {
    return new PromptLayout(ids, besidePicture, false);
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

  /** Whether each position attends to the whole picture, which has no position of its own. */
  public boolean isBesidePicture() {
    return besidePicture;
  }

  /**
   * Positions before the picture, which prompts of one template share; 0 where nothing is shared.
   */
  public int textPrefixLength() {
    if (!sharesPrefix) {
      return 0;
    }
    int length = 0;
    while (length < ids.length && ids[length] != VISUAL) {
      length++;
    }
    return length;
  }

  /** The first {@code limit} positions, as the reference cuts over-long prompts. */
  public PromptLayout truncated(int limit) {
    return ids.length <= limit
        ? this
        : new PromptLayout(Arrays.copyOf(ids, limit), besidePicture, sharesPrefix);
  }

  /** A copy of the ids. */
  public int[] toArray() {
    return ids.clone();
  }
}
