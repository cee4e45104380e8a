package dev.sluice.models.value;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scores of the options of one question, in the order of the question. Immutable.
 *
 * @param scores one per option, 0 to 1
 * @param type what the scores are, so that nobody compares unlike things
 * @param calibration version of the calibration that they went through, null for none
 */
public record LabelScores(List<Double> scores, ScoreType type, @Nullable String calibration) {
  public LabelScores {
    scores = List.copyOf(scores);
  }

  /** Scores as the model gives them. */
  public LabelScores(List<Double> scores, ScoreType type) {
    this(scores, type, null);
  }

  /**
   * The softmax over some of a model's logits.
   *
   * @param options indices into {@code logits}
   */
  public static LabelScores softmax(float[] logits, int[] options, ScoreType type) {
    double max = Arrays.stream(options).mapToDouble(option -> logits[option]).max().orElse(0);
    double[] weights =
        Arrays.stream(options).mapToDouble(option -> Math.exp(logits[option] - max)).toArray();
    double sum = Arrays.stream(weights).sum();
    return new LabelScores(Arrays.stream(weights).mapToObj(weight -> weight / sum).toList(), type);
  }

  /** What a score means. */
  public enum ScoreType {
    /** Softmax over the options' next-token logits of a language model. */
    NEXT_TOKEN_PROBABILITY,
    /** Softmax over image-text similarities. */
    CONTRASTIVE_SOFTMAX,
    /** Independent sigmoid per option. */
    SIGMOID,
    /** Probability that an option's text and the picture belong together, each by itself. */
    IMAGE_TEXT_MATCH,
    /** Softmax of an answer head. */
    ANSWER_HEAD
  }
}
