package dev.sluice.models.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.value.Dtype;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TensorsTest {
  @BeforeAll
  static void initialise() {
    TorchRuntime.initialise(2);
  }

  @Test
  void toFloats_ofTransposedView_isRowMajor() {
    try (TensorScope scope = new TensorScope()) {
      Tensor tensor = Tensors.ofFloats(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);

      assertThat(Tensors.toFloats(tensor.t())).containsExactly(1, 4, 2, 5, 3, 6);
      assertThat(Tensors.shape(tensor.t())).containsExactly(3, 2);
    }
  }

  @Test
  void toInts_ofInts_roundTrips() {
    try (TensorScope scope = new TensorScope()) {
      Tensor ids = Tensors.ofInts(new int[] {3, -1, 7}, 1, 3);

      assertThat(Tensors.scalarType(ids)).isEqualTo(ScalarType.Long);
      assertThat(Tensors.toInts(ids)).containsExactly(3, -1, 7);
      assertThatThrownBy(() -> Tensors.toInts(Tensors.ofLongs(new long[] {1L << 40}, 1)))
          .isInstanceOf(ArithmeticException.class);
    }
  }

  @Test
  void ofBytes_above127_staysUnsigned() {
    try (TensorScope scope = new TensorScope()) {
      Tensor pixels = Tensors.ofBytes(new byte[] {0, (byte) 200, -1}, 3);

      assertThat(Tensors.toFloats(pixels)).containsExactly(0, 200, 255);
      assertThat(Tensors.toBytes(pixels)).containsExactly(0, (byte) 200, -1);
    }
  }

  @Test
  void ofRaw_float16Subnormals_survive() {
    try (TensorScope scope = new TensorScope()) {
      // 0x0001 is 2^-24, 0x03ff the largest subnormal
      Tensor half = Tensors.ofRaw(new byte[] {1, 0, (byte) 0xff, 3}, ScalarType.Half, 2);

      assertThat(Tensors.toFloats(half)).containsExactly(0x1p-24f, 0x1p-14f - 0x1p-24f);
      assertThat(Tensors.toBytes(Tensors.to(half, Device.CPU, Dtype.FLOAT32).to(ScalarType.Half)))
          .containsExactly(1, 0, 0xff, 3);
    }
  }

  @Test
  void ofRaw_wrongLength_namesBothLengths() {
    assertThatThrownBy(() -> Tensors.ofRaw(new byte[3], ScalarType.BFloat16, 2))
        .hasMessageContaining("expected 4 bytes, found 3");
    assertThatThrownBy(() -> Tensors.ofFloats(new float[3], 2, 2))
        .hasMessage("tensor [2, 2]: expected 4 values, found 3");
  }

  @Test
  void empties_ofEveryKind_work() {
    try (TensorScope scope = new TensorScope()) {
      assertThat(Tensors.toFloats(Tensors.ofFloats(new float[0], 0, 3))).isEmpty();
      assertThat(Tensors.toBytes(Tensors.zeros(Dtype.BFLOAT16, Device.CPU, 2)))
          .containsExactly(0, 0, 0, 0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void dtype_ofEveryComputeType_roundTrips(Dtype dtype) {
    try (TensorScope scope = new TensorScope()) {
      assertThat(Tensors.dtype(Tensors.zeros(dtype, Device.CPU, 1))).isEqualTo(dtype);
    }
  }

  @Test
  void dtype_ofIntegers_isRefused() {
    try (TensorScope scope = new TensorScope()) {
      Tensor longs = Tensors.ofLongs(new long[] {1}, 1);

      assertThatThrownBy(() -> Tensors.dtype(longs)).hasMessageContaining("found Long");
    }
  }

  @Test
  void to_sameTypeAndPlace_givesAHandleOfItsOwn() {
    try (TensorScope scope = new TensorScope()) {
      Tensor tensor = Tensors.ofFloats(new float[] {1}, 1);
      Tensors.to(tensor, Device.CPU, Dtype.FLOAT32).close();

      assertThat(Tensors.toFloats(tensor)).containsExactly(1);
    }
  }

  @Test
  void requireShape_otherShape_namesBoth() {
    try (TensorScope scope = new TensorScope()) {
      Tensor tensor = Tensors.ofFloats(new float[6], 2, 3);

      assertThat(Tensors.requireShape("hidden", tensor, Tensors.ANY, 3)).isSameAs(tensor);
      assertThatThrownBy(() -> Tensors.requireShape("hidden", tensor, 3, 2))
          .hasMessage("hidden: expected [3, 2], found [2, 3]");
      assertThatThrownBy(() -> Tensors.requireShape("hidden", tensor, 6))
          .hasMessage("hidden: expected [6], found [2, 3]");
    }
  }

  @Test
  void count_overflowingOrNegative_isAnError() {
    assertThat(Tensors.count()).isEqualTo(1);
    assertThatThrownBy(() -> Tensors.count(1L << 40, 1L << 40))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> Tensors.count(-1)).isInstanceOf(IllegalArgumentException.class);
  }
}
