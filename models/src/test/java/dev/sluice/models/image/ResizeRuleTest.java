package dev.sluice.models.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.value.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers of transformers 5.18's formulas. */
class ResizeRuleTest {
  @ParameterizedTest
  @CsvSource({
    "640, 480, 298, 224",
    "480, 640, 224, 298",
    "1000, 100, 2240, 224",
    "33, 1000, 224, 6787",
    "384, 384, 224, 224",
    "7, 9, 224, 288",
  })
  void shortestEdge_longerSide_isRoundedDown(int width, int height, int toWidth, int toHeight) {
    assertThat(ResizeRule.shortestEdge(224).target(new Size(width, height)))
        .isEqualTo(new Size(toWidth, toHeight));
  }

  @ParameterizedTest
  @CsvSource({
    "640, 480, 512, 384",
    "480, 640, 384, 512",
    "1000, 100, 608, 64",
    "384, 384, 384, 384",
    "1333, 800, 608, 352",
    "7, 9, 384, 480",
    "1000, 53, 608, 32",
  })
  void vilt_sides_areWholePatchesBelowTheCap(int width, int height, int toWidth, int toHeight) {
    assertThat(new ViltResizeRule(384, 32).target(new Size(width, height)))
        .isEqualTo(new Size(toWidth, toHeight));
  }

  @Test
  void vilt_sideBelowOnePatch_isRefused() {
    assertThatThrownBy(() -> new ViltResizeRule(384, 32).target(new Size(33, 1000)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "picture 33x1000: too thin for a longer side of 639 in steps of 32, a side would vanish");
  }
}
