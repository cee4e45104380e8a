package dev.sluice.models.families.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.models.LabelScorer;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.LabelQuestion;
import dev.sluice.models.value.LabelScores;
import dev.sluice.models.value.LabelScores.ScoreType;
import dev.sluice.models.value.Prompt;
import dev.sluice.models.value.Size;
import dev.sluice.models.value.SlicePlan;
import dev.sluice.models.value.VisualTokens;
import dev.sluice.models.weights.ModelDirectory;
import dev.sluice.models.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibratedScorerTest {
  private static final LabelScores RAW =
      new LabelScores(List.of(0.2, 0.8), ScoreType.NEXT_TOKEN_PROBABILITY);
  private static final LabelScorer MODEL = requests -> requests.stream().map(r -> RAW).toList();
  private static final VisualTokens TOKENS =
      new VisualTokens(
          SlicePlan.overviewOnly(new Size(2, 2), new Size(2, 2)), 1, 1, Dtype.FLOAT32, new byte[4]);

  @TempDir Path folder;

  @Test
  void folderWithoutACalibration_leavesTheScorerAlone() {
    assertThat(CalibratedScorer.of(ModelDirectory.open(folder), MODEL)).isSameAs(MODEL);
  }

  @Test
  void coveredQuestion_isCalibrated_othersAreNot() throws IOException {
    write(
        """
        {"version": "3", "questions": {
          "forbidden?": {"temperature": 2.0, "biases": {"none": 0.0, "knife": 0.0}}}}
        """);

    List<LabelScores> scores =
        CalibratedScorer.of(ModelDirectory.open(folder), MODEL)
            .score(List.of(request("forbidden?"), request("allowed?")));

    assertThat(scores.get(0).scores().get(1)).isCloseTo(2 / 3.0, within(1e-6));
    assertThat(scores.get(0).calibration()).isEqualTo("3");
    assertThat(scores.get(1)).isSameAs(RAW);
  }

  @Test
  void wrongFile_saysWhere() throws IOException {
    write(
        """
        {"version": "3", "questions": {"forbidden?": {"temperature": 0, "biases": {"none": 0}}}}
        """);

    assertThatThrownBy(() -> CalibratedScorer.of(ModelDirectory.open(folder), MODEL))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("calibration.json: 'questions.forbidden?.temperature'");
  }

  private void write(String json) throws IOException {
    Files.writeString(folder.resolve("calibration.json"), json);
  }

  private static LabelScorer.Request request(String question) {
    return new LabelScorer.Request(
        TOKENS, new LabelQuestion(Prompt.of(question), List.of("none", "knife")));
  }
}
