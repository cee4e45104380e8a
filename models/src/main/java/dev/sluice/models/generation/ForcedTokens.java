package dev.sluice.models.generation;

import java.util.Arrays;
import java.util.Set;

/**
 * Leaves only these tokens at one place of the text. Immutable.
 *
 * <p>transformers {@code ForcedBOSTokenLogitsProcessor}, {@code ForcedEOSTokenLogitsProcessor}.
 *
 * @param at generated tokens before it
 */
record ForcedTokens(Set<Integer> ids, int at) implements LogitsProcessor {
  @Override
  public void process(TokenHistory history, float[] scores) {
    if (history.newTokens() == at) {
      Arrays.fill(scores, Float.NEGATIVE_INFINITY);
      ids.forEach(id -> scores[requireKnown(id, scores.length)] = 0);
    }
  }

  private static int requireKnown(int id, int vocabulary) {
    if (id < 0 || id >= vocabulary) {
      throw new IllegalArgumentException(
          "forced token: expected an id from 0 to %d, found %d; correct generation_config.json"
              .formatted(vocabulary - 1, id));
    }
    return id;
  }
}
