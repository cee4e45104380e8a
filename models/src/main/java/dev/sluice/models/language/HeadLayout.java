package dev.sluice.models.language;

/**
 * Heads of an attention with grouped queries: query head h uses key head h / ({@code queryHeads} /
 * {@code keyHeads}). Immutable.
 *
 * @param headSize D
 */
public record HeadLayout(int queryHeads, int keyHeads, int headSize) {
  public HeadLayout {
    if (keyHeads < 1 || queryHeads % keyHeads != 0) {
      throw new IllegalArgumentException(
          "attention: %d query heads cannot share %d key heads".formatted(queryHeads, keyHeads));
    }
  }

  /** Columns of all queries. */
  public int queryWidth() {
    return queryHeads * headSize;
  }

  /** Columns of all keys, and of all values. */
  public int keyWidth() {
    return keyHeads * headSize;
  }
}
