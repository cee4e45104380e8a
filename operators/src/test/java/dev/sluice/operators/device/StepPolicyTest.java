package dev.sluice.operators.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.operators.ModelOptions.BatchOptions;
import dev.sluice.operators.device.StepPolicy.Pending;
import dev.sluice.operators.device.StepPolicy.Step;
import dev.sluice.operators.device.StepPolicy.Texts;
import dev.sluice.operators.device.StepPolicy.Waiting;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StepPolicyTest {
  private static final long LINGER = Duration.ofMillis(5).toNanos();
  private static final int FULL = 32;
  private static final Waiting NOTHING = new Waiting(0, FULL, 0);
  private static final Waiting YOUNG = new Waiting(7, FULL, LINGER - 1);
  private static final Waiting OLD = new Waiting(7, FULL, LINGER);
  private static final Waiting MANY = new Waiting(FULL, FULL, 0);

  private final StepPolicy policy = new StepPolicy(new BatchOptions(Duration.ofMillis(5), FULL));

  @Test
  void nothingToDo_waitsForEver() {
    Pending pending = new Pending(NOTHING, NOTHING, Texts.NONE);

    assertThat(policy.next(pending, Step.ENCODE)).isEmpty();
    assertThat(policy.waitNanos(pending)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void batch_isDueWhenFullOrOld() {
    assertThat(policy.next(new Pending(YOUNG, NOTHING, Texts.NONE), Step.ENCODE)).isEmpty();
    assertThat(policy.waitNanos(new Pending(YOUNG, NOTHING, Texts.NONE))).isEqualTo(1);
    assertThat(policy.next(new Pending(OLD, NOTHING, Texts.NONE), Step.ENCODE))
        .contains(Step.ENCODE);
    assertThat(policy.next(new Pending(MANY, NOTHING, Texts.NONE), Step.ENCODE))
        .contains(Step.ENCODE);
    assertThat(policy.next(new Pending(NOTHING, OLD, Texts.NONE), Step.ENCODE))
        .contains(Step.SCORE);
  }

  @Test
  void dueWork_takesTurns() {
    Pending all = new Pending(OLD, OLD, Texts.SOME);

    assertThat(policy.next(all, Step.ENCODE)).contains(Step.GENERATE);
    assertThat(policy.next(all, Step.SCORE)).contains(Step.GENERATE);
    assertThat(policy.next(all, Step.GENERATE)).contains(Step.SCORE);
    assertThat(policy.next(new Pending(OLD, OLD, Texts.NONE), Step.SCORE)).contains(Step.ENCODE);
  }

  @Test
  void someTexts_letOldBatchesPass() {
    assertThat(policy.next(new Pending(OLD, NOTHING, Texts.SOME), Step.GENERATE))
        .contains(Step.ENCODE);
    assertThat(policy.next(new Pending(YOUNG, NOTHING, Texts.SOME), Step.GENERATE))
        .contains(Step.GENERATE);
  }

  @Test
  void crowdedTexts_letFullBatchesPassAlone() {
    assertThat(policy.next(new Pending(OLD, NOTHING, Texts.CROWDED), Step.GENERATE))
        .contains(Step.GENERATE);
    assertThat(policy.next(new Pending(MANY, NOTHING, Texts.CROWDED), Step.GENERATE))
        .contains(Step.ENCODE);
  }
}
