package dev.sluice.jobs.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.models.value.ScoreCalibration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CalibrationFitTest {
  private static final List<String> OPTIONS = List.of("none", "knife");

  /** Draws truths from known chances, and says of them what an overconfident model would. */
  private static List<LabelSample> overconfident(double temperature, double bias) {
    SceneRandom random = new SceneRandom(4);
    List<LabelSample> samples = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      double logit = random.uniform(-4, 4);
      String truth = random.chance(sigmoid(logit)) ? "knife" : "none";
      double said = sigmoid((logit - bias) * temperature);
      samples.add(new LabelSample(truth, Map.of("none", 1 - said, "knife", said)));
    }
    return samples;
  }

  private static double sigmoid(double logit) {
    return 1 / (1 + Math.exp(-logit));
  }

  @Test
  void fit_findsTheTemperatureAndTheBias() {
    ScoreCalibration fit = CalibrationFit.of("1", "forbidden?", OPTIONS, overconfident(2.5, 0.7));

    assertThat(fit.temperature()).isCloseTo(2.5, within(0.1));
    assertThat(fit.biases().get("knife") - fit.biases().get("none")).isCloseTo(0.7, within(0.1));
  }

  @Test
  void calibrationError_ofHonestScores_isSmall_ofOverconfidentOnesNot() {
    assertThat(LabelSample.calibrationError(overconfident(1, 0))).isLessThan(0.015);
    assertThat(LabelSample.calibrationError(overconfident(4, 0))).isGreaterThan(0.05);
  }

  @Test
  void thresholds_keepBothKindsOfErrorWithinTheShare() {
    List<LabelSample> samples = overconfident(1, 0);

    DecisionThresholds thresholds = DecisionThresholds.of(samples, "none", 0.05);

    assertThat(thresholds.review()).isBetween(0.05, 0.5);
    assertThat(thresholds.block()).isBetween(0.5, 0.95);
    assertThat(wrong(samples, 0, thresholds.review(), "knife")).isLessThanOrEqualTo(0.05);
    assertThat(wrong(samples, thresholds.block(), 2, "none")).isLessThanOrEqualTo(0.05);
  }

  @Test
  void fit_ofNothing_isRefused() {
    assertThatThrownBy(() -> CalibrationFit.of("1", "forbidden?", OPTIONS, List.of()))
        .hasMessage("calibration of 'forbidden?': expected at least 1 sample, found none");
  }

  private static double wrong(List<LabelSample> samples, double from, double to, String truth) {
    List<LabelSample> decided =
        samples.stream()
            .filter(s -> s.highestExcept("none") >= from && s.highestExcept("none") < to)
            .toList();
    return Shares.where(decided, s -> s.truth().equals(truth));
  }
}
