package dev.sluice.operators.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
  @Test
  void secondsAndDates_areUnderstood() {
    assertThat(RetryAfter.parse(" 120 ")).isEqualTo(Duration.ofMinutes(2));
    assertThat(RetryAfter.parse("Wed, 21 Oct 2015 07:28:00 GMT")).isEqualTo(Duration.ZERO);
    assertThat(RetryAfter.parse("21 Oct 2999 07:28:00 GMT")).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "-1", "1e9", "99999999999999999999"})
  void anythingElse_saysNothing(String value) {
    assertThat(RetryAfter.parse(value)).isNull();
  }
}
