package dev.sluice.benchmarks.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.benchmarks.faults.FaultRig.Balance;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** One fault of each kind, on separate JVMs; {@code benchmarks/run Faults} is the long version. */
class FaultsITCase {
  private static final Feed.Load LOAD = new Feed.Load(100_000, 15);
  private static final Duration LONGEST_OUTAGE = Duration.ofMinutes(2);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path folder;

  @Test
  void afterEachFault_everythingGoesOn_andEachEventHasOneResult() throws Exception {
    Random random = new Random(1);
    try (FaultRig rig = FaultRig.start(folder, LOAD)) {
      rig.awaitDone(1);
      for (Fault fault : Fault.values()) {
        if (rig.allows(fault)) {
          assertThat(rig.strike(fault, random)).as("%s", fault).isLessThan(LONGEST_OUTAGE);
        }
      }
      Balance balance = rig.settle();
      assertThat(balance).isEqualTo(new Balance(balance.sent(), 0, 0, 0));
      assertThat(balance.sent()).isPositive();
    }
  }
}
