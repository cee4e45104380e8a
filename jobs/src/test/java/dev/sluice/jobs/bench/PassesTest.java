package dev.sluice.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class PassesTest {

  @Test
  void median_isTheMiddleOne() {
    assertThat(Passes.of(DoubleStream.of(9, 1, 2)).median()).isEqualTo(2);
  }

  @Test
  void medianOfAnEvenNumber_isTheMeanOfTheMiddleTwo() {
    assertThat(Passes.of(DoubleStream.of(9, 1, 2, 4)).median()).isEqualTo(3);
  }

  @Test
  void run_doesNotCountTheFirstPass() throws Exception {
    AtomicInteger runs = new AtomicInteger();

    Passes passes = Passes.run(3, runs::incrementAndGet);

    assertThat(runs).hasValue(4);
    assertThat(passes.best()).isLessThanOrEqualTo(passes.median());
  }
}
