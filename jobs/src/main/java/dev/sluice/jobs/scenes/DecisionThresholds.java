package dev.sluice.jobs.scenes;

import java.util.List;

/**
 * From which scores to review and to block, in hundredths. Immutable.
 *
 * @param review below it a picture is allowed
 * @param block from it on a picture is blocked
 */
public record DecisionThresholds(double review, double block) {
  private static final int STEPS = 100;

  /**
   * The least reviewing under which, among the samples, no more than a share of the allowed
   * pictures should have been stopped and no more than the same share of the blocked should have
   * passed.
   *
   * @param neutral the option that nothing follows from
   * @param wrongShare 0..1
   */
  public static DecisionThresholds of(
      List<LabelSample> samples, String neutral, double wrongShare) {
    int review = 0;
    while (review < STEPS && wrongBelow(samples, neutral, review + 1) <= wrongShare) {
      review++;
    }
    int block = STEPS;
    while (block > review && wrongFrom(samples, neutral, block - 1) <= wrongShare) {
      block--;
    }
    return new DecisionThresholds((double) review / STEPS, (double) block / STEPS);
  }

  private static double wrongBelow(List<LabelSample> samples, String neutral, int step) {
    List<LabelSample> allowed =
        samples.stream().filter(s -> s.highestExcept(neutral) < (double) step / STEPS).toList();
    return share(allowed.stream().filter(s -> !s.truth().equals(neutral)).count(), allowed.size());
  }

  private static double wrongFrom(List<LabelSample> samples, String neutral, int step) {
    List<LabelSample> blocked =
        samples.stream().filter(s -> s.highestExcept(neutral) >= (double) step / STEPS).toList();
    return share(blocked.stream().filter(s -> s.truth().equals(neutral)).count(), blocked.size());
  }

  private static double share(long part, int whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }
}
