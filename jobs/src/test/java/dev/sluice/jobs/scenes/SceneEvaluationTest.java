package dev.sluice.jobs.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.serde.Verdict.Decision;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SceneEvaluationTest {
  private static final PictureEncoder NUMBERS_ONLY =
      (rgb, width, height, format, quality) -> new byte[0];

  private static final SceneStream STREAM = new SceneStream(SceneSet.STANDARD, 2);

  /** Knows the stream, so it can answer as well as it likes. */
  private static final class Oracle implements SceneReader {
    private final SceneStream stream;
    private long next;

    Oracle(SceneStream stream) {
      this.stream = stream;
    }

    @Override
    public List<Reading> read(List<byte[]> pictures) {
      return pictures.stream().map(p -> answer(next++)).toList();
    }

    private Reading answer(long number) {
      ScenePicture picture = stream.picture(number, NUMBERS_ONLY);
      Forbidden forbidden = picture.scene().forbidden();
      return new Reading(
          picture.caption().text(),
          Map.of(forbidden.word(), 0.9),
          forbidden == Forbidden.NONE ? Decision.ALLOW : Decision.BLOCK);
    }
  }

  private static SceneReader always(String caption, Map<String, Double> labels, Decision decision) {
    return pictures ->
        pictures.stream().map(p -> new SceneReader.Reading(caption, labels, decision)).toList();
  }

  @Test
  void figures_ofAnOracle_areFull() {
    SceneEvaluation evaluation =
        SceneEvaluation.run(new Oracle(STREAM), NUMBERS_ONLY, STREAM, 7, 3);

    SceneFigures figures = evaluation.figures();
    assertThat(figures.pictures()).isEqualTo(7);
    assertThat(figures.captions().slots()).isEqualTo(1);
    assertThat(figures.captions().exact()).isEqualTo(1);
    assertThat(figures.prices().exact()).isEqualTo(1);
    assertThat(figures.verdicts().falseAlarm()).isZero();
    assertThat(figures.verdicts().calibrationError()).isCloseTo(0.1, within(1e-9));
    assertThat(figures.verdicts().decisions().wrong()).isZero();
    assertThat(evaluation.worst(3)).isEmpty();
  }

  @Test
  void figures_ofAConstantAnswer_areLow() {
    SceneReader constant =
        always("one red plain mug; no price tag", Map.of("none", 1.0), Decision.ALLOW);

    SceneEvaluation evaluation = SceneEvaluation.run(constant, NUMBERS_ONLY, STREAM, 12, 12);

    SceneFigures figures = evaluation.figures();
    long forbidden =
        evaluation.outcomes().stream().filter(o -> o.forbidden() != Forbidden.NONE).count();
    assertThat(figures.captions().slots()).isCloseTo(0.25, within(0.2));
    assertThat(figures.prices().exact()).isZero();
    assertThat(figures.verdicts().macroF1()).isZero();
    assertThat(forbidden).isPositive();
    assertThat(figures.verdicts().decisions().allowedWrongly())
        .isCloseTo(forbidden / 12.0, within(1e-9));
    assertThat(figures.verdicts().calibrationError()).isCloseTo(forbidden / 12.0, within(1e-9));
    assertThat(evaluation.worst(3))
        .hasSize(3)
        .isSortedAccordingTo(Comparator.comparingDouble(SceneOutcome::faults).reversed());
  }

  @Test
  void lookAlikesFlagged_countsCleanPicturesAlone() {
    SceneReader suspicious = always("", Map.of("none", 0.1, "knife", 0.9), Decision.REVIEW);

    VerdictFigures verdicts =
        SceneEvaluation.run(suspicious, NUMBERS_ONLY, STREAM, 12, 12).figures().verdicts();

    assertThat(verdicts.lookAlikesFlagged()).isEqualTo(1);
    assertThat(verdicts.falseAlarm()).isEqualTo(1);
    assertThat(verdicts.decisions().review()).isEqualTo(1);
    assertThat(verdicts.decisions().wrong()).isNaN();
  }

  @Test
  void run_withoutPictures_isRefused() {
    assertThatThrownBy(() -> SceneEvaluation.run(p -> List.of(), NUMBERS_ONLY, STREAM, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found 0 and 1");
  }
}
