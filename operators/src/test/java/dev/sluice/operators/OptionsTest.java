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

  @ParameterizedTest
  @CsvSource({
    "sluice.fetch.hosts, https://a.example/, 'sluice.fetch.hosts: expected lower-case names'",
    "sluice.fetch.hosts, *, 'sluice.fetch.hosts: expected lower-case names, perhaps after *.'",
    "sluice.fetch.ports, 65536, 'sluice.fetch.ports: expected 1 to 65535, found 65536'",
    "sluice.fetch.folders, pictures, 'sluice.fetch.folders: expected absolute paths'",
    "sluice.fetch.timeout, 0 ms, 'sluice.fetch.timeout: expected 1 ms or more, found PT0S'",
    "sluice.fetch.max-backoff, 1 ms, 'sluice.fetch.max-backoff: expected more than'",
    "sluice.fetch.attempts, 0, 'sluice.fetch.attempts: expected at least 1, found 0'"
  })
  void fetchOptions_wrong_saysWhatIsExpected(String key, String value, String message) {
    Configuration config = new Configuration();
    config.setString(key, value);
    assertThatThrownBy(() -> VisionOptions.from(config)).hasMessageContaining(message);
  }

  @Test
  void fetchOptions_byDefault_allowNoPlace() {
    assertThat(FetchOptions.DEFAULTS.places().hosts()).isEmpty();
    assertThat(FetchOptions.DEFAULTS.places().folders()).isEmpty();
    assertThat(FetchOptions.DEFAULTS.places().privateNetworks()).isEmpty();
  }
}
