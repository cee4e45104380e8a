package dev.sluice.operators.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryBudgetTest {

  @ParameterizedTest
  @CsvSource({"50%, 500", "100 %, 1000", "12.5%, 125", "1 kb, 1024", "300 bytes, 300"})
  void parse_sizeOrShare(String text, long bytes) {
    assertThat(MemoryBudget.parse(text).bytesOf(() -> 1000)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "0%", "101%", "-5%", "half", "%"})
  void parse_anythingElse_saysWhatIsExpected(String text) {
    assertThatThrownBy(() -> MemoryBudget.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("sluice.memory.budget: expected a size such as 6 gb");
  }

  @Test
  void toString_isReadable() {
    assertThat(MemoryBudget.parse("50%")).hasToString("50.0%");
  }
}
