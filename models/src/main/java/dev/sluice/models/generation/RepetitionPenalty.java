package dev.sluice.models.generation;

/**
 * Makes ids that stand before less likely: scores above 0 are divided, others multiplied.
 * Immutable.
 *
 * <p>Keskar et al. 2019 (CTRL); transformers {@code RepetitionPenaltyLogitsProcessor}. Visual
 * positions have no id and do not count.
 */
record RepetitionPenalty(float penalty) implements LogitsProcessor {
  @Override
  public void process(TokenHistory history, float[] scores) {
    for (int id : history.distinct()) {
      if (id < scores.length) {
        scores[id] = scores[id] < 0 ? scores[id] * penalty : scores[id] / penalty;
      }
    }
  }
}
