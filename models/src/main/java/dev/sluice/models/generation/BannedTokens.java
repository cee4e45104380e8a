package dev.sluice.models.generation;

import java.util.Set;

/**
 * Bans tokens during a stretch of the text: end tokens before its least length, some tokens at its
 * begin, others throughout. Immutable.
 *
 * <p>transformers {@code MinNewTokensLengthLogitsProcessor}, {@code
 * SuppressTokensAtBeginLogitsProcessor}, {@code SuppressTokensLogitsProcessor}.
 *
 * @param from generated tokens with which it begins
 * @param to generated tokens before which it ends
 */
record BannedTokens(Set<Integer> ids, int from, int to) implements LogitsProcessor {
  @Override
  public void process(TokenHistory history, float[] scores) {
    if (history.newTokens() >= from && history.newTokens() < to) {
      ids.forEach(id -> LogitsProcessor.ban(scores, id));
    }
  }
}
