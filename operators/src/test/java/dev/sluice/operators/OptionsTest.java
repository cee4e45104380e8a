package dev.sluice.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
  @ParameterizedTest
  @CsvSource({
    "sluice.encode.max-tiles, 0, 'sluice.encode.max-tiles: expected at least 1, found 0'",
    "sluice.slice.threads, 0, 'sluice.slice.threads: expected at least 1, found 0'",
    "sluice.device, ' ', sluice.device: expected a device such as cpu or cuda:0",
    "sluice.dtype, int3, 'dtype: expected float32, float16 or bfloat16, found'"
  })
  void modelOptions_wrong_saysWhatIsExpected(String key, String value, String message) {
    Configuration config = new Configuration();
    config.setString(key, value);
    assertThatThrownBy(() -> ModelOptions.from(config))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void modelOptions_firstCudaDevice_hasOneName() {
    Configuration config = new Configuration().set(ModelOptions.DEVICE, "cuda");
    assertThat(ModelOptions.from(config).device()).isEqualTo("cuda:0");
  }

  @ParameterizedTest
  @CsvSource({
    "sluice.capacity, 0, 'sluice.capacity: expected at least 1, found 0'",
    "sluice.decode.top-p, 1.5, 'sluice.decode.top-p: expected more than 0, at most 1, found 1.5'",
    "sluice.decode.temperature, -1, 'sluice.decode.temperature: expected 0 or more, found -1.0'"
  })
  void visionOptions_wrong_saysWhatIsExpected(String key, String value, String message) {
    Configuration config = new Configuration();
    config.setString(key, value);
    assertThatThrownBy(() -> VisionOptions.from(config)).hasMessageContaining(message);
  }
}
