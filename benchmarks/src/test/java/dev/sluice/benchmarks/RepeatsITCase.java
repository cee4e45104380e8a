package dev.sluice.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.benchmarks.repeats.RepeatsRun;
import org.junit.jupiter.api.Test;

/** The embedded model, a broker, and pictures that come again. */
class RepeatsITCase {
  private static final int EVENTS = 200;
  private static final int DISTINCT = 80;

  @Test
  void repeats_areComputedOnceAndAnsweredInOrder() throws Exception {
    RepeatsRun.Report report = RepeatsRun.run(EVENTS, DISTINCT);

    assertThat(report.holds()).as("%s", report).isTrue();
  }
}
