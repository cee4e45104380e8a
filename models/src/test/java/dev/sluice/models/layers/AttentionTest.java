package dev.sluice.models.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.value.Dtype;
import java.util.Random;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The two ways to the same numbers: bfloat16 goes through products, float32 through one kernel. */
class AttentionTest {
  private static final float ROUNDING = 0.04f;

  /** Batch, heads, key heads, queries, keys. */
  @ParameterizedTest
  @CsvSource({
    "2, 4, 4, 9, 13",
    "3, 4, 4, 1, 17",
    "1, 2, 2, 1100, 1100",
    "3, 8, 8, 1, 6000",
    "3, 8, 8, 3, 6000",
    "3000, 8, 8, 1, 6"
  })
  void full_inBfloat16_isNearFloat32(int batch, int heads, int keyHeads, int queries, int keys) {
    compare(Inputs.random(batch, heads, keyHeads, queries, keys), Attention::full);
  }

  @ParameterizedTest
  @CsvSource({"2, 4, 4, 9", "1, 6, 2, 7", "2, 2, 1, 1"})
  void causal_inBfloat16_isNearFloat32(int batch, int heads, int keyHeads, int length) {
    compare(Inputs.random(batch, heads, keyHeads, length, length), Attention::causal);
  }

  @ParameterizedTest
  @CsvSource({
    "2, 4, 4, 3, 8, 2",
    "2, 4, 4, 1, 8, 2",
    "3, 4, 2, 3, 8, 1",
    "3, 4, 4, 1, 8, 1",
    "3, 8, 8, 2, 6000, 3",
    "3, 8, 8, 3, 6000, 1"
  })
  void masked_inBfloat16_isNearFloat32(
      int batch, int heads, int keyHeads, int queries, int keys, int masks) {
    float[] hidden = new float[masks * queries * keys];
    for (int i = 0; i < hidden.length; i++) {
      hidden[i] = i % keys > 1 && i % 3 == 0 ? Float.NEGATIVE_INFINITY : 0;
    }
    compare(
        Inputs.random(batch, heads, keyHeads, queries, keys),
        (q, k, v) ->
            Attention.masked(q, k, v, like(q, Tensors.ofFloats(hidden, masks, 1, queries, keys))));
  }

  private record Inputs(Tensor q, Tensor k, Tensor v) {
    static Inputs random(int batch, int heads, int keyHeads, int queries, int keys) {
      Random random = new Random(1);
      return new Inputs(
          normal(random, batch, heads, queries),
          normal(random, batch, keyHeads, keys),
          normal(random, batch, keyHeads, keys));
    }

    /** [batch, heads, length, 8], the memory's order that of a projection. */
    private static Tensor normal(Random random, int batch, int heads, int length) {
      float[] values = new float[batch * heads * length * 8];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      return Tensors.ofFloats(values, batch, length, heads, 8).transpose(1, 2);
    }
  }

  private static void compare(Inputs inputs, Attention.Pattern attention) {
    try (TensorScope scope = new TensorScope()) {
      float[] exact = Tensors.toFloats(attention.apply(inputs.q(), inputs.k(), inputs.v()));
      float[] half =
          Tensors.toFloats(attention.apply(half(inputs.q()), half(inputs.k()), half(inputs.v())));
      assertThat(half).hasSameSizeAs(exact);
      for (int i = 0; i < exact.length; i++) {
        assertThat(half[i]).isCloseTo(exact[i], within(ROUNDING));
      }
    }
  }

  private static Tensor half(Tensor x) {
    return Tensors.to(x, Device.CPU, Dtype.BFLOAT16);
  }

  private static Tensor like(Tensor q, Tensor x) {
    return Tensors.to(x, Device.CPU, Tensors.scalarType(q));
  }
}
