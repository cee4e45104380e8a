package dev.sluice.models.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceTest {
  @Test
  void parse_everyForm_givesTheDevice() {
    assertThat(Device.parse("cpu")).isEqualTo(Device.CPU);
    assertThat(Device.parse("CUDA")).isEqualTo(new Device(Device.Kind.CUDA, 0));
    assertThat(Device.parse("cuda:3")).hasToString("cuda:3");
    assertThat(Device.parse("cpu:0")).hasToString("cpu");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "gpu", "cuda:", "cuda:-1", "cuda:64", "cpu:1", "cuda:0;rm", "mps"})
  void parse_anythingElse_isRefused(String name) {
    assertThatThrownBy(() -> Device.parse(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("device: expected");
  }

  @Test
  void requireAvailable_moreDevicesThanAnyHostHas_saysWhatToDo() {
    Device.CPU.requireAvailable();
    assertThatThrownBy(() -> Device.parse("cuda:63").requireAvailable())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("-Pgpu");
  }
}
