package dev.sluice.jobs.scenes;

import dev.sluice.models.value.ScoreCalibration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Fits a {@link ScoreCalibration} by maximum likelihood. Used by one thread, once.
 *
 * <p>The negative log-likelihood is convex in the inverse temperature and the biases, so going
 * through them in turn, each to its best, comes to the best of all.
 */
public final class CalibrationFit {
  private static final int ROUNDS = 40;
  private static final int STEPS = 30;
  private static final double LARGEST_BIAS = 8;
  private static final double SMALLEST_INVERSE = 0.05;
  private static final double LARGEST_INVERSE = 4;
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  private final List<String> options;
  private final double[][] logits;
  private final int[] truths;

  /** The inverse temperature, then a bias for each option; the first stays 0. */
  private final double[] parameters;

  private CalibrationFit(List<String> options, List<LabelSample> samples) {
    this.options = options;
    this.logits = new double[samples.size()][options.size()];
    this.truths = new int[samples.size()];
    for (int i = 0; i < truths.length; i++) {
      truths[i] = options.indexOf(samples.get(i).truth());
      for (int k = 0; k < options.size(); k++) {
        double score = samples.get(i).scores().getOrDefault(options.get(k), 0.0);
        logits[i][k] = Math.log(Math.max(score, Double.MIN_NORMAL));
      }
    }
    this.parameters = new double[1 + options.size()];
    parameters[0] = 1;
  }

  /**
   * The calibration under which the samples are likeliest.
   *
   * @param options of the question; every sample's truth is one of them
   * @param samples with scores as the model gives them
   */
  public static ScoreCalibration of(
      String version, String question, List<String> options, List<LabelSample> samples) {
    if (samples.isEmpty()) {
      throw new IllegalArgumentException(
          "calibration of '%s': expected at least 1 sample, found none".formatted(question));
    }
    CalibrationFit fit = new CalibrationFit(options, samples);
    fit.search();
    Map<String, Double> biases = new LinkedHashMap<>();
    for (int k = 0; k < options.size(); k++) {
      biases.put(options.get(k), fit.parameters[1 + k]);
    }
    return new ScoreCalibration(version, question, 1 / fit.parameters[0], biases);
  }

  private void search() {
    for (int round = 0; round < ROUNDS; round++) {
      minimise(0, SMALLEST_INVERSE, LARGEST_INVERSE);
      for (int k = 1; k < options.size(); k++) {
        minimise(1 + k, -LARGEST_BIAS, LARGEST_BIAS);
      }
    }
  }

  /** Golden-section search along one parameter. */
  private void minimise(int parameter, double from, double to) {
    double low = from;
    double high = to;
    double left = high - GOLDEN * (high - low);
    double right = low + GOLDEN * (high - low);
    double lossLeft = loss(parameter, left);
    double lossRight = loss(parameter, right);
    for (int step = 0; step < STEPS; step++) {
      if (lossLeft < lossRight) {
        high = right;
        right = left;
        lossRight = lossLeft;
        left = high - GOLDEN * (high - low);
        lossLeft = loss(parameter, left);
      } else {
        low = left;
        left = right;
        lossLeft = lossRight;
        right = low + GOLDEN * (high - low);
        lossRight = loss(parameter, right);
      }
    }
    parameters[parameter] = (low + high) / 2;
  }

  private double loss(int parameter, double value) {
    parameters[parameter] = value;
    double loss = 0;
    for (int i = 0; i < truths.length; i++) {
      double max = Double.NEGATIVE_INFINITY;
      for (int k = 0; k < options.size(); k++) {
        max = Math.max(max, logit(i, k));
      }
      double sum = 0;
      for (int k = 0; k < options.size(); k++) {
        sum += Math.exp(logit(i, k) - max);
      }
      loss += Math.log(sum) + max - logit(i, truths[i]);
    }
    return loss;
  }

  private double logit(int sample, int option) {
    return logits[sample][option] * parameters[0] + parameters[1 + option];
  }
}
