package dev.sluice.models.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.models.value.Size;
import dev.sluice.models.value.SlicePlan;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SlicePlannerTest {
  @Property(tries = 300)
  void plan_anySize_keepsToItsLimits(
      @ForAll SliceStrategy strategy,
      @ForAll @IntRange(min = 100, max = 20_000) int width,
      @ForAll @IntRange(min = 100, max = 20_000) int height) {
    SlicePlan plan = strategy.planner().plan(width, height);
    assertThat(plan.source()).isEqualTo(new Size(width, height));
    assertThat(plan.sliceCount()).isLessThanOrEqualTo(strategy.maxSlices());
    assertThat(plan.sliceCount()).isNotEqualTo(1);
    assertThat(plan.overview().width() % 14).isZero();
    assertThat(plan.overview().height() % 14).isZero();
    if (plan.slice() != null) {
      assertThat(plan.slice().width() % 14).isZero();
      assertThat(plan.slice().height() % 14).isZero();
    }
  }

  /** 3x2 and 2x3 fit a square equally well, 6x1 and 3x2 a picture of 3:1, but for the last bit. */
  @Test
  void plan_shapeBetweenTwoGrids_goesByTheLastBitOfTheLogarithm() {
    SlicePlanner planner = SliceStrategy.LLAVA_UHD.planner();
    assertThat(grid(planner.plan(1024, 1024))).isEqualTo(List.of(3, 2));
    assertThat(grid(planner.plan(3000, 1000))).isEqualTo(List.of(6, 1));
    assertThat(CorrectlyRoundedLog.of(2.0 / 3.0)).isEqualTo(-0.40546510810816444);
    assertThat(CorrectlyRoundedLog.of(3.0 / 2.0)).isEqualTo(0.4054651081081644);
    assertThat(CorrectlyRoundedLog.of(3.0)).isEqualTo(1.0986122886681098);
    assertThat(CorrectlyRoundedLog.of(1.0)).isZero();
  }

  @Property
  void log_anyRatio_isWithinOneStepOfTheJdks(
      @ForAll @IntRange(min = 1, max = 65_500) int a,
      @ForAll @IntRange(min = 1, max = 65_500) int b) {
    double jdks = StrictMath.log((double) a / b);
    assertThat(Math.abs(CorrectlyRoundedLog.of((double) a / b) - jdks))
        .isLessThanOrEqualTo(Math.ulp(jdks));
  }

  @Test
  void plan_sideThatWouldVanish_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SliceStrategy.LLAVA_UHD_EVAL.planner().plan(4000, 3))
        .withMessage(
            "picture 4000x3: too thin to be brought to a longer side of 1024, a side would vanish");
  }

  @Test
  void plan_windows_ofTheWidePicture_areSix() {
    SlicePlan plan = new WindowPlanner(new Size(1344, 896), 448).plan(50, 60);
    assertThat(grid(plan)).isEqualTo(List.of(3, 2));
    assertThat(plan.refined()).isEqualTo(new Size(1344, 896));
    assertThat(plan.overview()).isEqualTo(new Size(448, 448));
  }

  @Test
  void windows_thatDoNotFit_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SliceStrategy.MONKEY.planner(900, 4))
        .withMessage(
            "slicing into windows of 448: expected sides that are multiples of it, found 900x900");
  }

  @Test
  void strategy_unknownName_namesTheKnownOnes() {
    assertThat(SliceStrategy.of("minicpm-v")).isEqualTo(SliceStrategy.MINICPM_V);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SliceStrategy.of("qwen"))
        .withMessage(
            "slice strategy 'qwen': expected one of llava-uhd, llava-uhd-eval, minicpm-v, monkey");
  }

  private static List<Integer> grid(SlicePlan plan) {
    return List.of(plan.columns(), plan.rows());
  }
}
