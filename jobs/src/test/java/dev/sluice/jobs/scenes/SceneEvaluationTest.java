package dev.sluice.jobs.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SceneEvaluationTest {
  private static final PictureEncoder NUMBERS_ONLY =
      (rgb, width, height, format, quality) -> new byte[0];

  /** Knows the stream, so it can answer as well as it likes. */
  private static final class Oracle implements SceneReader {
    private final long seed;
    private long next;

    Oracle(long seed) {
      this.seed = seed;
    }

    @Override
    public List<Reading> read(List<byte[]> pictures) {
      return pictures.stream().map(p -> answer(next++)).toList();
    }

    private Reading answer(long number) {
      ScenePicture picture = ScenePicture.of(seed, number, NUMBERS_ONLY);
      return new Reading(picture.caption().text(), Map.of(picture.scene().forbidden().word(), 0.9));
    }
  }

  @Test
  void figures_ofAnOracle_areFull() {
    SceneFigures figures = SceneEvaluation.run(new Oracle(2), NUMBERS_ONLY, 7, 2, 3);

    assertThat(figures.pictures()).isEqualTo(7);
    assertThat(figures.slots()).isEqualTo(1);
    assertThat(figures.captionExact()).isEqualTo(1);
    assertThat(figures.priceExact()).isEqualTo(1);
    assertThat(figures.falseAlarm()).isZero();
    assertThat(figures.text()).contains("caption slots     100.0 %");
  }

  @Test
  void figures_ofAConstantAnswer_areLow() {
    SceneReader constant =
        pictures ->
            pictures.stream()
                .map(
                    p ->
                        new SceneReader.Reading(
                            "one red plain mug; no price tag", Map.of("none", 1.0)))
                .toList();

    SceneFigures figures = SceneEvaluation.run(constant, NUMBERS_ONLY, 12, 2, 12);

    assertThat(figures.slots()).isCloseTo(0.25, within(0.2));
    assertThat(figures.priceExact()).isZero();
    assertThat(figures.macroF1()).isZero();
  }

  @Test
  void run_withoutPictures_isRefused() {
    assertThatThrownBy(() -> SceneEvaluation.run(p -> List.of(), NUMBERS_ONLY, 0, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found 0 and 1");
  }
}
