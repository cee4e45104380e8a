package dev.sluice.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.operators.VisionOptions.Chaining;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Some seconds of what docs/load.md measures with {@code benchmarks/run Load}. */
class LoadITCase {
  private static final Duration SHORT = Duration.ofSeconds(3);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path folder;

  @Test
  void tenTimesTheCapacity_unchained_losesNothingAndStaysWithinItsMemory() throws Exception {
    LoadPlan plan =
        new LoadPlan(
            LoadPictures.Kind.SMALL,
            new LoadPlan.Job(2, Chaining.UNCHAINED, 16, Duration.ofMillis(500)),
            SHORT,
            SHORT,
            10,
            SHORT,
            LoadPlan.Backlog.EXPIRES,
            Duration.ZERO);
    LoadFigures figures =
        LoadRun.run(plan, folder, Map.of("sluice.decode.max-new-tokens", "2"), System.err);
    assertThat(figures.failures()).as(figures.json()).isEmpty();
    assertThat((int) figures.get("sent"))
        .isPositive()
        .isEqualTo((int) figures.get("captions") + (int) figures.get("rejected"));
    assertThat((int) figures.get("withoutResultAtTheEnd")).as("what waits").isPositive();
    assertThat((long) figures.get("ledgerSamples")).isPositive();
    assertThat((int) figures.get("checkpointsLoaded")).isPositive();
  }
}
