package dev.sluice.jobs.scenes;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A picture whose label is known, and the scores that a model gave. Immutable.
 *
 * @param truth the right option
 * @param scores by option
 */
public record LabelSample(String truth, Map<String, Double> scores) {
  /** As in Guo et al. 2017. */
  private static final int BINS = 15;

  public LabelSample {
    scores = Map.copyOf(scores);
  }

  /** The option with the highest score. */
  public String said() {
    return scores.entrySet().stream()
        .max(Map.Entry.<String, Double>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey)
        .orElse("");
  }

  /** The highest score of an option that is not the neutral one. */
  double highestExcept(String neutral) {
    return scores.entrySet().stream()
        .filter(entry -> !entry.getKey().equals(neutral))
        .map(Map.Entry::getValue)
        .max(Comparator.naturalOrder())
        .orElse(0.0);
  }

  private double confidence() {
    return scores.getOrDefault(said(), 0.0);
  }

  /**
   * The expected calibration error: how far the highest score is from the share of pictures in
   * which it is right, over 15 bins of equal width, weighted by their pictures.
   */
  public static double calibrationError(List<LabelSample> samples) {
    double[] confidence = new double[BINS];
    double[] right = new double[BINS];
    for (LabelSample sample : samples) {
      int bin = Math.min(BINS - 1, (int) (sample.confidence() * BINS));
      confidence[bin] += sample.confidence();
      right[bin] += sample.said().equals(sample.truth) ? 1 : 0;
    }
    double error = 0;
    for (int bin = 0; bin < BINS; bin++) {
      error += Math.abs(confidence[bin] - right[bin]);
    }
    return samples.isEmpty() ? Double.NaN : error / samples.size();
  }
}
