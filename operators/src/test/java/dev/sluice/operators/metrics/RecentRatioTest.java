package dev.sluice.operators.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RecentRatioTest {
  private final AtomicLong nanos = new AtomicLong(5_000);
  private final BusyClock clock = new BusyClock(nanos::get);

  @Test
  void busyClock_countsWorkUnderWayAndWorkAtTheSameTime() {
    clock.begin();
    nanos.addAndGet(10);
    assertThat(clock.nanos()).isEqualTo(10);
    clock.begin();
    nanos.addAndGet(10);
    clock.end();
    nanos.addAndGet(10);
    clock.end();
    nanos.addAndGet(1_000);
    assertThat(clock.nanos()).isEqualTo(40);
  }

  @Test
  void busyClock_countsWorkThatFails() {
    assertThatThrownBy(
            () ->
                clock.during(
                    () -> {
                      nanos.addAndGet(7);
                      throw new IllegalStateException("broken");
                    }))
        .hasMessage("broken");
    nanos.addAndGet(100);
    assertThat(clock.nanos()).isEqualTo(7);
  }

  @Test
  void load_isTheShareOfTheLastThreeUpdates() {
    RecentRatio load = RecentRatio.loadOf(clock, nanos::get);
    assertThat(load.getValue()).isZero();

    clock.begin();
    pass(50, load);
    assertThat(load.getValue()).isEqualTo(1);
    clock.end();
    pass(50, load);
    assertThat(load.getValue()).isEqualTo(0.5);
    pass(100, load);
    assertThat(load.getValue()).isEqualTo(0.25);
    pass(50, load);
    assertThat(load.getValue()).isZero();
  }

  @Test
  void ratio_withoutGrowthOfTheWhole_isZero() {
    AtomicLong tiles = new AtomicLong();
    RecentRatio fill = new RecentRatio(tiles::get, () -> 8, 1);
    tiles.set(4);
    fill.update();
    assertThat(fill.getValue()).isZero();
  }

  @Test
  void perSecond_countsInSeconds() {
    AtomicLong tokens = new AtomicLong();
    RecentRatio rate = RecentRatio.perSecond(tokens::get, nanos::get);
    tokens.set(30);
    pass(2_000_000_000L, rate);
    assertThat(rate.getValue()).isEqualTo(15);
  }

  private void pass(long more, RecentRatio ratio) {
    nanos.addAndGet(more);
    ratio.update();
  }
}
