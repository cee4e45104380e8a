package dev.sluice.models.value;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Makes the scores of one question mean what they say: temperature scaling with a bias per option,
 * fitted on pictures whose answers are known. Immutable.
 *
 * <p>Guo et al. 2017 (arXiv 1706.04599), section 4.2: of {@code n} pictures with score {@code s},
 * about {@code s n} have the label. For scores that are a softmax, whose logarithms are the logits
 * but for a constant.
 *
 * @param version names the fit in verdicts
 * @param question the words that were asked when it was fitted
 * @param temperature what logits are divided by, above 0
 * @param biases by option, added to its divided logit
 */
public record ScoreCalibration(
    String version, String question, double temperature, Map<String, Double> biases) {
  public ScoreCalibration {
    biases = Map.copyOf(biases);
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException(
          "calibration '%s': expected a temperature above 0, found %s"
              .formatted(version, temperature));
    }
  }

  /** Whether it was fitted for these words and these options, in whatever order. */
  public boolean covers(LabelQuestion asked) {
    return asked.prompt().text().equals(question)
        && biases.keySet().equals(Set.copyOf(asked.options()));
  }

  /**
   * The calibrated scores.
   *
   * @param options of the scores, in their order, each with a bias here
   */
  public LabelScores apply(List<String> options, LabelScores scores) {
    float[] logits = new float[options.size()];
    for (int i = 0; i < logits.length; i++) {
      double bias = biases.getOrDefault(options.get(i), 0.0);
      // A score that has been rounded to 0 stays the smallest, and finite.
      double logit = Math.log(Math.max(scores.scores().get(i), Double.MIN_NORMAL));
      logits[i] = (float) (logit / temperature + bias);
    }
    int[] all = IntStream.range(0, logits.length).toArray();
    return new LabelScores(
        LabelScores.softmax(logits, all, scores.type()).scores(), scores.type(), version);
  }
}
