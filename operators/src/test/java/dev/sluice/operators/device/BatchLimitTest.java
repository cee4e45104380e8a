package dev.sluice.operators.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.operators.memory.CostCorrection;
import org.junit.jupiter.api.Test;

class BatchLimitTest {
  private final CostCorrection correction = new CostCorrection();
  private final BatchLimit limit = new BatchLimit(correction);

  @Test
  void nothingFailed_isWhatIsAskedFor() {
    limit.fitted(32);
    assertThat(limit.of(32)).isEqualTo(32);
    assertThat(correction.factor()).isEqualTo(1);
  }

  @Test
  void ranOut_halves_andSaysHowWrongTheEstimateWas() {
    limit.ranOut(32);
    assertThat(limit.of(32)).isEqualTo(16);
    limit.ranOut(16);
    assertThat(limit.of(32)).isEqualTo(8);
    assertThat(correction.factor()).isEqualTo(4);
  }

  @Test
  void fullBatchesThatFit_growItByOne_othersSayNothing() {
    limit.ranOut(32);
    limit.fitted(15);
    assertThat(limit.of(32)).isEqualTo(16);
    limit.fitted(16);
    assertThat(limit.of(32)).isEqualTo(17);
  }

  @Test
  void sizeThatFailed_isTriedAgainOnlyAfterManyFullBatches() {
    limit.ranOut(4);
    limit.fitted(2);
    for (int i = 1; i < BatchLimit.PATIENCE; i++) {
      assertThat(limit.of(32)).isEqualTo(3);
      limit.fitted(3);
    }
    limit.fitted(3);
    assertThat(limit.of(32)).isEqualTo(32);
    assertThat(correction.factor()).isEqualTo(1);
  }

  @Test
  void severalSources_theWorstCounts() {
    BatchLimit other = new BatchLimit(correction);
    limit.ranOut(8);
    other.ranOut(8);
    other.ranOut(4);
    assertThat(correction.factor()).isEqualTo(4);
    other.forget();
    assertThat(correction.factor()).isEqualTo(2);
  }
}
