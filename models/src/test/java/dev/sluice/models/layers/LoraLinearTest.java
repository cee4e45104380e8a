package dev.sluice.models.layers;

import static dev.sluice.models.weights.RandomValues.gaussian;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.weights.SafetensorsWriter;
import dev.sluice.models.weights.Weights;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoraLinearTest {
  private static final int IN = 6;
  private static final int OUT = 5;
  private static final int[] RANKS = {2, 3, 1};
  private static final float[] SCALES = {0.5f, -2, 3};

  @TempDir private Path folder;
  private Weights weights;

  @BeforeEach
  void write() {
    Random random = new Random(1);
    SafetensorsWriter writer = new SafetensorsWriter();
    writer.add("proj.weight", gaussian(random, OUT * IN, 1), OUT, IN);
    writer.add("proj.bias", gaussian(random, OUT, 1), OUT);
    for (int k = 0; k < RANKS.length; k++) {
      String name = "proj_lora." + k + ".";
      writer.add(name + "lora_a.weight", gaussian(random, RANKS[k] * IN, 1), RANKS[k], IN);
      writer.add(name + "lora_b.weight", gaussian(random, OUT * RANKS[k], 1), OUT, RANKS[k]);
      writer.add(name + "lora_scale", new float[] {SCALES[k]}, 1);
    }
    Path file = folder.resolve("model.safetensors");
    writer.write(file);
    weights = Weights.open(Device.CPU, Dtype.FLOAT32, file);
  }

  @AfterEach
  void close() {
    weights.close();
  }

  @Test
  void rowsOfSeveralAdapters_getEachTheirOwn() {
    int[] adapters = {2, 0, AdapterRows.NONE, 1, 1, 0, AdapterRows.NONE};
    float[] x = gaussian(new Random(2), adapters.length * IN, 1);
    float[] found = apply(x, AdapterRows.ofSegments(adapters, 1));
    for (int row = 0; row < adapters.length; row++) {
      float[] alone = Arrays.copyOfRange(x, row * IN, (row + 1) * IN);
      for (int i = 0; i < OUT; i++) {
        assertThat(found[row * OUT + i])
            .as("row %d, column %d", row, i)
            .isCloseTo((float) expected(alone, i, adapters[row]), within(1e-5f));
      }
    }
  }

  @Test
  void withoutAdapters_itIsTheMatrixAlone() {
    float[] x = gaussian(new Random(3), 2 * IN, 1);
    assertThat(apply(x, AdapterRows.none()))
        .isEqualTo(
            apply(x, AdapterRows.ofSegments(new int[] {AdapterRows.NONE, AdapterRows.NONE}, 1)));
  }

  @Test
  void unknownAdapter_isRefused() {
    AdapterRows rows = AdapterRows.ofSegments(new int[] {3}, 1);
    assertThatThrownBy(() -> apply(new float[IN], rows))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("adapter 3: expected one of the 3 that are loaded");
  }

  @Test
  void neighboursOfOneAdapter_becomeOneRun() {
    assertThat(AdapterRows.ofSegments(new int[] {1, 1, AdapterRows.NONE, 0}, 10).runs())
        .containsExactly(new AdapterRows.Run(1, 0, 20), new AdapterRows.Run(0, 30, 10));
    assertThat(AdapterRows.ofSegments(new int[0], 10).runs()).isEmpty();
  }

  private float[] apply(float[] x, AdapterRows rows) {
    try (TensorScope scope = new TensorScope()) {
      LoraLinear linear = LoraLinear.load(weights, "proj", RANKS.length, IN, OUT);
      return Tensors.toFloats(linear.apply(Tensors.ofFloats(x, x.length / IN, IN), rows));
    }
  }

  /** W x + b + scale · B A x in one column, in double. */
  private double expected(float[] x, int column, int adapter) {
    double sum = floats("proj.bias")[column] + dot(floats("proj.weight"), column, x);
    if (adapter != AdapterRows.NONE) {
      String name = "proj_lora." + adapter + ".";
      float[] up = floats(name + "lora_b.weight");
      for (int r = 0; r < RANKS[adapter]; r++) {
        double low = dot(floats(name + "lora_a.weight"), r, x);
        sum += SCALES[adapter] * up[column * RANKS[adapter] + r] * low;
      }
    }
    return sum;
  }

  private static double dot(float[] matrix, int row, float[] x) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += (double) matrix[row * x.length + i] * x[i];
    }
    return sum;
  }

  private float[] floats(String name) {
    Tensor tensor = weights.tensor(name, weights.shape(name));
    return Tensors.toFloats(tensor);
  }
}
