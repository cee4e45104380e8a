package dev.sluice.jobs.scenes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CanvasPlanTest {
  @Test
  void plan_ofPictures_isTheEmbeddedModels() {
    assertThat(CanvasPlan.of(600, 400)).isEqualTo(new CanvasPlan(3, 2, 96, 96));
    assertThat(CanvasPlan.of(400, 600)).isEqualTo(new CanvasPlan(2, 3, 96, 96));
    assertThat(CanvasPlan.of(96, 96)).isEqualTo(new CanvasPlan(1, 1, 96, 96));
    assertThat(CanvasPlan.of(500, 500)).isEqualTo(new CanvasPlan(3, 2, 72, 112));
    assertThat(CanvasPlan.of(1500, 500)).isEqualTo(new CanvasPlan(5, 1, 72, 120));
  }

  @Test
  void cuts_runBetweenSlices() {
    CanvasPlan plan = new CanvasPlan(3, 2, 96, 96);

    assertThat(plan.cuts(new Box(90, 10, 10, 10))).isTrue();
    assertThat(plan.cuts(new Box(10, 90, 10, 10))).isTrue();
    assertThat(plan.cuts(new Box(10, 10, 50, 50))).isFalse();
  }
}
