package dev.sluice.models.layers;

import static dev.sluice.models.weights.RandomValues.gaussian;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.tensor.TorchRuntime;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.weights.SafetensorsWriter;
import dev.sluice.models.weights.Weights;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Loaded by name in bfloat16 a matrix is packed, in float32 it is not: the same numbers. */
class LinearTest {
  private static final int IN = 40;
  private static final int OUT = 24;

  /** Of results of a few units, rounded to 8 bits. */
  private static final float ROUNDING = 0.06f;

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void write() {
    Random random = new Random(1);
    SafetensorsWriter writer = new SafetensorsWriter();
    for (String name : List.of("a", "b")) {
      writer.add(name + ".weight", gaussian(random, OUT * IN, 0.15f), OUT, IN);
      writer.add(name + ".bias", gaussian(random, OUT, 1), OUT);
    }
    file = folder.resolve("model.safetensors");
    writer.write(file);
  }

  /** One row is a step, none is a step in which no picture joins. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 70})
  void product_isTheSameInBothTypes(int rows) {
    compare(rows, OUT, (weights, x) -> Linear.load(weights.under("a"), IN, OUT).apply(x));
  }

  @Test
  void productWithoutABias_isTheSameInBothTypes() {
    compare(5, OUT, (weights, x) -> Linear.loadWithoutBias(weights.under("a"), IN, OUT).apply(x));
  }

  @ParameterizedTest
  @EnumSource
  void activationBehindTheProduct_isTheSameInBothTypes(Activation activation) {
    compare(5, OUT, (weights, x) -> Linear.load(weights.under("a"), IN, OUT).apply(x, activation));
  }

  @Test
  void stackedMatrices_standSideBySide() {
    BiFunction<Weights, Tensor, Tensor> stacked = (weights, x) -> stacked(weights).apply(x);
    compare(5, 2 * OUT, stacked);
    float[] both = run(Dtype.FLOAT32, 1, stacked);
    float[] second =
        run(Dtype.FLOAT32, 1, (weights, x) -> Linear.load(weights.under("b"), IN, OUT).apply(x));
    assertThat(both).endsWith(second);
  }

  /** A row is computed alike whoever stands beside it. */
  @Test
  void rowOfABatch_isTheRowAlone() {
    BiFunction<Weights, Tensor, Tensor> product =
        (weights, x) -> Linear.load(weights.under("a"), IN, OUT).apply(x);
    float[] alone = run(Dtype.BFLOAT16, 1, product);
    float[] batch = run(Dtype.BFLOAT16, 9, product);
    for (int i = 0; i < OUT; i++) {
      assertThat(batch[i]).isCloseTo(alone[i], within(ROUNDING));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "BFLOAT16"})
  void closedWeights_leaveNothingBehind(Dtype dtype) {
    BiFunction<Weights, Tensor, Tensor> product =
        (weights, x) -> stacked(weights).apply(x, Activation.GELU);
    run(dtype, 2, product);
    long before = TensorScope.liveObjects();

    run(dtype, 2, product);

    assertThat(TensorScope.liveObjects()).isEqualTo(before);
  }

  private static Linear stacked(Weights weights) {
    return Linear.loadStacked(
        List.of(weights.under("a"), weights.under("b")), IN, List.of((long) OUT, (long) OUT));
  }

  private void compare(int rows, int columns, BiFunction<Weights, Tensor, Tensor> product) {
    float[] expected = run(Dtype.FLOAT32, rows, product);
    float[] found = run(Dtype.BFLOAT16, rows, product);
    assertThat(expected).hasSize(rows * columns);
    assertThat(found).containsExactly(expected, within(ROUNDING));
  }

  private float[] run(Dtype dtype, int rows, BiFunction<Weights, Tensor, Tensor> product) {
    try (TorchRuntime.Inference inference = TorchRuntime.inference();
        TensorScope scope = new TensorScope();
        Weights weights = Weights.open(Device.CPU, dtype, file)) {
      Tensor x = Tensors.ofFloats(gaussian(new Random(2), rows * IN, 1), rows, IN);
      return Tensors.toFloats(product.apply(weights, Tensors.to(x, Device.CPU, dtype)));
    }
  }
}
