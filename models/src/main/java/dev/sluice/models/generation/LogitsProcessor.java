package dev.sluice.models.generation;

/**
 * A rule that changes the scores of the next token by what stands before it. Plain Java.
 *
 * <p>transformers {@code generation/logits_process.py}.
 */
@FunctionalInterface
interface LogitsProcessor {

  /**
   * @param scores of the whole vocabulary, changed in place
   */
  void process(TokenHistory history, float[] scores);

  /** Makes a token impossible; ids beyond the vocabulary are so already. */
  static void ban(float[] scores, int id) {
    if (id >= 0 && id < scores.length) {
      scores[id] = Float.NEGATIVE_INFINITY;
    }
  }
}
