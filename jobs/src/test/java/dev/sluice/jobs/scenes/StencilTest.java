package dev.sluice.jobs.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class StencilTest {
  @Test
  void sample_everyLevel_keepsTheCoverage() {
    Stencil disc = Stencil.of(Outline.ellipse(10, 10, 90, 90), 128);

    for (int level = 0; level < 4; level++) {
      double sum = 0;
      for (int y = 0; y < 200; y++) {
        for (int x = 0; x < 200; x++) {
          sum += disc.sample(level, 0, (x + 0.5) / 200, (y + 0.5) / 200);
        }
      }
      assertThat(sum / 40000).as("level %d", level).isCloseTo(Math.PI / 4, within(0.02));
    }
  }

  @Test
  void sample_outside_isNothing() {
    Stencil mug = Silhouettes.of(Kind.MUG);

    assertThat(mug.sample(0, 0, -0.1, 0.5)).isZero();
    assertThat(mug.sample(0, 0, 0.5, 1.1)).isZero();
  }

  @Test
  void glyphs_haveInk() {
    for (int digit = 0; digit < 10; digit++) {
      int dots = 0;
      for (int i = 0; i < 35; i++) {
        int row = i / 5;
        dots += Glyphs.ink(digit, (i % 5 + 0.5) / 5, (row + 0.5) / 7) ? 1 : 0;
      }
      assertThat(dots).as("digit %d", digit).isBetween(10, 20);
    }
    assertThat(Glyphs.ink(8, -0.1, 0.5)).isFalse();
  }
}
