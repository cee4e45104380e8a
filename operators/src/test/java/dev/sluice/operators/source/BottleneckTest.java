package dev.sluice.operators.source;

import static dev.sluice.operators.source.Bottleneck.ENCODE;
import static dev.sluice.operators.source.Bottleneck.GENERATE;
import static dev.sluice.operators.source.Bottleneck.IN_FLIGHT;
import static dev.sluice.operators.source.Bottleneck.MEMORY;
import static dev.sluice.operators.source.Bottleneck.SCORE;
import static dev.sluice.operators.source.Bottleneck.SLICE;
import static dev.sluice.operators.source.Bottleneck.SOURCE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class BottleneckTest {
  @Test
  void idleProcess_waitsForItsSource() {
    assertThat(of(Map.of())).isEqualTo(SOURCE);
    assertThat(of(Map.of(ENCODE, 0.4, GENERATE, 0.3, SLICE, 0.7))).isEqualTo(SOURCE);
  }

  @Test
  void busyDevice_isNamedByItsLargestWork() {
    assertThat(of(Map.of(ENCODE, 0.3, GENERATE, 0.6, MEMORY, 1.0))).isEqualTo(GENERATE);
    assertThat(of(Map.of(ENCODE, 0.9, SCORE, 0.1, SLICE, 1.0))).isEqualTo(ENCODE);
    assertThat(of(Map.of(SCORE, 0.85))).isEqualTo(SCORE);
  }

  @Test
  void busyDecodingThreads_areNamedWhileTheDeviceHasTime() {
    assertThat(of(Map.of(SLICE, 0.95, ENCODE, 0.5, IN_FLIGHT, 0.9))).isEqualTo(SLICE);
  }

  @Test
  void closedGate_isNamedByItsReasonWhileNobodyIsBusy() {
    assertThat(of(Map.of(MEMORY, 0.5, IN_FLIGHT, 0.1))).isEqualTo(MEMORY);
    assertThat(of(Map.of(MEMORY, 0.1, IN_FLIGHT, 0.5))).isEqualTo(IN_FLIGHT);
  }

  private static Bottleneck of(Map<Bottleneck, Double> shares) {
    return Bottleneck.of(limit -> shares.getOrDefault(limit, 0.0));
  }
}
