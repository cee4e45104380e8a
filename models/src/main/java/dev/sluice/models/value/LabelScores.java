package dev.sluice.models.value;

import java.util.List;

/**
 * Scores of the options of one question, in the order of the question. Immutable.
 *
 * @param scores one per option, 0 to 1
 * @param type what the scores are, so that nobody compares unlike things
 */
public record LabelScores(List<Double> scores, ScoreType type) {
  public LabelScores {
    scores = List.copyOf(scores);
  }

  /** What a score means. */
  public enum ScoreType {
    /** Softmax over the options' next-token logits of a language model. */
    NEXT_TOKEN_PROBABILITY,
    /** Softmax over image-text similarities. */
    CONTRASTIVE_SOFTMAX,
    /** Independent sigmoid per option. */
    SIGMOID,
    /** Softmax of an answer head. */
    ANSWER_HEAD
  }
}
