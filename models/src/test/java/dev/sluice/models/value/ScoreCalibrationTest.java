package dev.sluice.models.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.models.value.LabelScores.ScoreType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScoreCalibrationTest {
  private static final List<String> OPTIONS = List.of("none", "knife");
  private static final LabelScores RAW =
      new LabelScores(List.of(0.2, 0.8), ScoreType.NEXT_TOKEN_PROBABILITY);

  @Test
  void apply_dividesLogitsAndAddsBiases() {
    LabelScores halved = calibration(2, 0, 0).apply(OPTIONS, RAW);
    LabelScores shifted = calibration(1, Math.log(4), 0).apply(OPTIONS, RAW);

    // 0.8 : 0.2 is 4 : 1; half the logits make it 2 : 1.
    assertThat(halved.scores().get(1)).isCloseTo(2 / 3.0, within(1e-6));
    assertThat(shifted.scores().get(0)).isCloseTo(0.5, within(1e-6));
    assertThat(halved.type()).isEqualTo(RAW.type());
    assertThat(halved.calibration()).isEqualTo("7");
  }

  @Test
  void apply_toAScoreOfZero_staysFinite() {
    LabelScores certain = new LabelScores(List.of(0.0, 1.0), ScoreType.NEXT_TOKEN_PROBABILITY);

    assertThat(calibration(3, 0, 0).apply(OPTIONS, certain).scores())
        .allMatch(score -> score >= 0 && score <= 1);
  }

  @Test
  void covers_itsQuestionAndOptionsAlone() {
    ScoreCalibration calibration = calibration(2, 0, 0);

    assertThat(calibration.covers(question("forbidden?", "knife", "none"))).isTrue();
    assertThat(calibration.covers(question("allowed?", "knife", "none"))).isFalse();
    assertThat(calibration.covers(question("forbidden?", "knife", "none", "pistol"))).isFalse();
  }

  @Test
  void temperature_ofZero_isRefused() {
    assertThatThrownBy(() -> calibration(0, 0, 0))
        .hasMessage("calibration '7': expected a temperature above 0, found 0.0");
  }

  private static ScoreCalibration calibration(double temperature, double none, double knife) {
    return new ScoreCalibration(
        "7", "forbidden?", temperature, Map.of("none", none, "knife", knife));
  }

  private static LabelQuestion question(String words, String... options) {
    return new LabelQuestion(Prompt.of(words), List.of(options));
  }
}
