package dev.sluice.models.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.tensor.TorchRuntime;
import dev.sluice.models.value.Dtype;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of weights, for every format that holds the same tensors. */
class WeightsTest {
  @TempDir Path folder;

  @BeforeAll
  static void initialise() {
    TorchRuntime.initialise(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"safetensors", "torch-zip", "torch-old"})
  void tensor_ofEveryKind_hasItsNumbers(String format) {
    try (Weights weights = open(format, Dtype.FLOAT32)) {
      assertThat(floats(weights, "plain", 2, 3)).containsExactly(Fixtures.ramp(6));
      assertThat(floats(weights, "transposed", 4, 3))
          .containsExactly(-.75f, .25f, 1.25f, -.5f, .5f, 1.5f, -.25f, .75f, 1.75f, 0f, 1f, 2f);
      assertThat(floats(weights, "shared.all", 4, 6)).containsExactly(Fixtures.ramp(24));
      assertThat(floats(weights, "shared.rows", 2, 6)).startsWith(.75f, 1f).endsWith(3.5f);
      assertThat(floats(weights, "shared.columns", 4, 3))
          .containsExactly(
              -.25f, 0f, .25f, 1.25f, 1.5f, 1.75f, 2.75f, 3f, 3.25f, 4.25f, 4.5f, 4.75f);
      assertThat(floats(weights, "half", 5)).containsExactly(Fixtures.ramp(5));
      assertThat(floats(weights, "bf16", 5)).containsExactly(Fixtures.ramp(5));
      assertThat(floats(weights, "double", 2)).containsExactly(Fixtures.ramp(2));
      assertThat(floats(weights, "scalar")).containsExactly(4.5f);
      assertThat(floats(weights, "empty", 0, 3)).isEmpty();
      assertThat(floats(weights, "parameter", 3)).containsExactly(Fixtures.ramp(3));
      assertThat(floats(weights, "half.subnormal", 3))
          .containsExactly(0x1p-24f, 0x1p-14f - 0x1p-24f, 0x1p-14f);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"safetensors", "torch-zip", "torch-old"})
  void tensor_ofIntegers_keepsItsType(String format) {
    try (Weights weights = open(format, Dtype.BFLOAT16)) {
      assertThat(Tensors.scalarType(weights.tensor("longs", 4))).isEqualTo(ScalarType.Long);
      assertThat(Tensors.toLongs(weights.tensor("longs", 4))).containsExactly(-2, -1, 0, 1);
      assertThat(Tensors.toLongs(weights.tensor("bools", 3))).containsExactly(1, 0, 1);
      assertThat(Tensors.toLongs(weights.tensor("expanded", 2, 3)))
          .containsExactly(0, 1, 2, 0, 1, 2);
    }
  }

  @Test
  void ofParts_renamesDropsAndReplaces() {
    Path first = folder.resolve("first.safetensors");
    Path second = folder.resolve("second.safetensors");
    new SafetensorsWriter()
        .add("norm", Fixtures.ramp(2), 2)
        .add("head", Fixtures.ramp(4), 4)
        .write(first);
    new SafetensorsWriter().add("tower.norm", Fixtures.ramp(3), 3).write(second);
    List<WeightPart> parts =
        List.of(
            new WeightPart(
                first,
                name -> name.equals("head") ? Optional.empty() : Optional.of("tower." + name)),
            new WeightPart(second, Optional::of));

    try (Weights weights = Weights.ofParts(Device.CPU, Dtype.FLOAT32, parts)) {
      assertThat(weights.names()).containsExactly("tower.norm");
      assertThat(floats(weights.under("tower"), "norm", 3)).containsExactly(Fixtures.ramp(3));
    }
  }

  @ParameterizedTest
  @EnumSource
  void tensor_inEveryComputeType_isConvertedOnce(Dtype dtype) {
    try (Weights weights = open("safetensors", dtype)) {
      Tensor tensor = weights.tensor("plain", 2, 3);

      assertThat(Tensors.dtype(tensor)).isEqualTo(dtype);
      assertThat(Tensors.toFloats(tensor)).containsExactly(Fixtures.ramp(6));
      assertThat(weights.tensor("plain", 2, Tensors.ANY)).isSameAs(tensor);
      assertThat(weights.bytes()).isEqualTo(6L * dtype.bytes());
    }
  }

  @Test
  void stored_whateverTheComputeType_isAsInTheFile() {
    try (Weights weights = open("safetensors", Dtype.BFLOAT16)) {
      assertThat(Tensors.scalarType(weights.stored("half.subnormal"))).isEqualTo(ScalarType.Half);
      assertThat(weights.storedDtype("double")).isEqualTo(StoredDtype.F64);
      assertThat(Tensors.toFloats(weights.stored("half.subnormal"))[0]).isEqualTo(0x1p-24f);
    }
  }

  @Test
  void tensor_madeInsideAScope_outlivesIt() {
    try (Weights weights = open("torch-zip", Dtype.BFLOAT16)) {
      Tensor tensor;
      try (TensorScope scope = new TensorScope()) {
        tensor = weights.tensor("transposed", 4, 3);
      }

      assertThat(Tensors.toFloats(tensor)).hasSize(12);
    }
  }

  @Test
  void under_scopes_joinsNamesAndNumbers() {
    Path file = folder.resolve("model.safetensors");
    new SafetensorsWriter()
        .add("vision.layers.0.weight", new float[] {1}, 1)
        .add("vision.layers.1.weight", new float[] {2}, 1)
        .add("text.weight", new float[] {3}, 1)
        .write(file);
    try (Weights weights = Weights.open(Device.CPU, Dtype.FLOAT32, file)) {
      Weights layer = weights.under("vision", "layers", 1);

      assertThat(floats(layer, "weight", 1)).containsExactly(2);
      assertThat(layer.scope()).isEqualTo("vision.layers.1");
      assertThat(layer.has("bias")).isFalse();
      assertThat(layer.optional("bias", 1)).isEmpty();
      assertThat(layer.optional("weight", 1)).isPresent();
      assertThat(weights.under("vision.layers").names()).containsExactly("0.weight", "1.weight");
      assertThat(weights.under("vision").parameters()).isEqualTo(2);
    }
  }

  @Test
  void renamed_olderNames_areFoundUnderNewer() {
    try (Weights weights = open("safetensors", Dtype.FLOAT32)) {
      Weights renamed = weights.renamed(name -> name.replace("shared.", "model.joint."));

      assertThat(renamed.under("model").has("joint.all")).isTrue();
      assertThat(renamed.tensor("model.joint.all", 4, 6))
          .isSameAs(weights.tensor("shared.all", 4, 6));
      assertThatThrownBy(() -> weights.renamed(name -> "same"))
          .isInstanceOf(WeightsException.class)
          .hasMessageContaining("tensor 'same': expected once, found as");
    }
  }

  @Test
  void tensor_ofAnotherShape_namesBothAndTheFile() {
    try (Weights weights = open("safetensors", Dtype.FLOAT32)) {
      assertThatThrownBy(() -> weights.under("shared").tensor("all", 6, 4))
          .isInstanceOf(WeightsException.class)
          .hasMessage("tensor 'shared.all': expected [6, 4], found [4, 6] in model.safetensors");
    }
  }

  @Test
  void tensor_absent_namesTheNearest() {
    try (Weights weights = open("safetensors", Dtype.FLOAT32)) {
      assertThatThrownBy(() -> weights.under("shared").tensor("column", 4, 3))
          .isInstanceOf(WeightsException.class)
          .hasMessage(
              "tensor 'shared.column': not in model.safetensors; the nearest is 'shared.columns'");
    }
  }

  @Test
  void open_severalFiles_joinsThemAndRefusesTheSameNameTwice() {
    Path one = Fixtures.path("safetensors-sharded/model-00001-of-00002.safetensors");
    Path two = Fixtures.path("torch-sharded/pytorch_model-00002-of-00002.bin");
    try (Weights weights = Weights.open(Device.CPU, Dtype.FLOAT32, one, two)) {
      assertThat(weights.names()).containsExactly("a", "b");
    }
    assertThatThrownBy(() -> Weights.open(Device.CPU, Dtype.FLOAT32, List.of(one, one)))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("tensor 'a': expected once");
  }

  @Test
  void close_freesEveryTensorAndEndsItsUse() {
    Weights weights = open("torch-zip", Dtype.FLOAT32);
    Tensor mapped = weights.tensor("plain", 2, 3);
    Tensor converted = weights.tensor("half", 5);

    weights.under("shared").close();
    weights.close();

    assertThat(mapped.isNull()).isTrue();
    assertThat(converted.isNull()).isTrue();
    assertThatThrownBy(() -> weights.tensor("plain", 2, 3))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void openAndClose_manyTimes_leavesNothingBehind() {
    loadAll();
    long before = TensorScope.liveObjects();
    for (int i = 0; i < 20; i++) {
      loadAll();
    }

    assertThat(TensorScope.liveObjects()).isLessThanOrEqualTo(before);
  }

  private static void loadAll() {
    try (TensorScope scope = new TensorScope();
        Weights weights = open("torch-zip", Dtype.BFLOAT16)) {
      weights.names().forEach(name -> weights.tensor(name, weights.shape(name)));
    }
  }

  @Test
  void tensor_atAnOddByte_isCopied() {
    String header = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[1,9]}}";
    Path file = Fixtures.safetensors(folder.resolve("odd.safetensors"), header, 9);
    try (Weights weights = Weights.open(Device.CPU, Dtype.FLOAT32, file)) {
      Tensor tensor = weights.tensor("a", 2);

      assertThat(Tensors.toFloats(tensor)).containsExactly(0, 0);
      assertThat(tensor.data_ptr().address() % Float.BYTES).isZero();
    }
  }

  @Test
  void tensor_farIntoALargeFile_isMapped() throws IOException {
    long far = (3L << 30) - 4; // crosses the border of a mapped piece
    String header =
        "{\"far\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[%d,%d]}}"
            .formatted(far, far + 16);
    header += " ".repeat(Math.floorMod(-header.length(), 8));
    Path path = folder.resolve("sparse.safetensors");
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.write(
          ByteBuffer.allocate(8)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(0, header.length())
              .array());
      file.write(header.getBytes(StandardCharsets.UTF_8));
      file.seek(8 + header.length() + far);
      for (float value : new float[] {1, 2, 3, 4}) {
        file.writeInt(Integer.reverseBytes(Float.floatToIntBits(value)));
      }
    }
    try (Weights weights = Weights.open(Device.CPU, Dtype.FLOAT32, path)) {
      assertThat(floats(weights, "far", 4)).containsExactly(1, 2, 3, 4);
    }
  }

  private static float[] floats(Weights weights, String name, long... shape) {
    return Tensors.toFloats(weights.tensor(name, shape));
  }

  private static Weights open(String format, Dtype dtype) {
    return ModelDirectory.open(Fixtures.path(format)).weights(Device.CPU, dtype);
  }
}
