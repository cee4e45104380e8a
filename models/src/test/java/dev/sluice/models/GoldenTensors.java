package dev.sluice.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.weights.Weights;
import java.nio.file.Path;
import java.util.Arrays;

/** The tensors and digests that a golden folder expects. Closed by its test. */
public final class GoldenTensors implements AutoCloseable {
  private static final double DIGEST_RELATIVE = 1e-4;
  private static final double DIGEST_PHASE = 0.37;
  private static final double PIXEL_ROUNDING = 1e-4;
  private static final double DIFFERENT_PIXELS = 0.005;

  private final Weights tensors;

  public GoldenTensors(Path folder) {
    this.tensors = Weights.open(Device.CPU, Dtype.FLOAT32, folder.resolve("expected.safetensors"));
  }

  public float[] floats(String name) {
    return Tensors.toFloats(tensors.tensor(name, tensors.shape(name)));
  }

  public boolean has(String name) {
    return tensors.has(name);
  }

  /** Whole numbers. */
  public long[] longs(String name) {
    return Tensors.toLongs(tensors.stored(name));
  }

  public long[] shape(String name) {
    return tensors.shape(name);
  }

  /** Equal to the named tensor within {@code absolute + relative |x|}. */
  public void check(String name, float[] found, double absolute, double relative) {
    check(name, floats(name), found, absolute, relative);
  }

  /** Equal to one entry of the named tensor's first axis. */
  public void checkRow(String name, int row, float[] found, double absolute) {
    float[] all = floats(name);
    int size = Math.toIntExact(all.length / shape(name)[0]);
    float[] expected = Arrays.copyOfRange(all, row * size, (row + 1) * size);
    check(name + "[" + row + "]", expected, found, absolute, 0);
  }

  private static void check(
      String name, float[] expected, float[] found, double absolute, double relative) {
    assertThat(found).as(name).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      double tolerance = absolute + relative * Math.abs(expected[i]);
      if (!(Math.abs(found[i] - expected[i]) <= tolerance)) {
        assertThat(found[i])
            .as("%s[%d]", name, i)
            .isCloseTo(expected[i], within((float) tolerance));
      }
    }
  }

  /**
   * Pixels as the default processor makes them: at most one grey level off, and that on few values,
   * where the decoders of JPEG differ.
   *
   * @param level one grey level, normalised
   */
  public void checkPixels(String name, float[] found, double level) {
    float[] expected = floats(name);
    assertThat(found).as(name).hasSameSizeAs(expected);
    int different = 0;
    for (int i = 0; i < expected.length; i++) {
      double difference = Math.abs(found[i] - expected[i]);
      assertThat(difference).as("%s[%d]", name, i).isLessThanOrEqualTo(level);
      different += difference > PIXEL_ROUNDING ? 1 : 0;
    }
    assertThat((double) different / expected.length)
        .as("share of different values of %s", name)
        .isLessThanOrEqualTo(DIFFERENT_PIXELS);
  }

  /** Equal to a digest: the sums of all values, of their sizes, squares and weighted values. */
  public static void checkDigest(String name, JsonNode digest, float[] found) {
    double sum = 0;
    double absolute = 0;
    double square = 0;
    double weighted = 0;
    for (int i = 0; i < found.length; i++) {
      double value = found[i];
      sum += value;
      absolute += Math.abs(value);
      square += value * value;
      weighted += value * Math.cos(DIGEST_PHASE * i);
    }
    double tolerance = DIGEST_RELATIVE * digest.get("abs_sum").doubleValue();
    assertThat(sum).as(name + " sum").isCloseTo(digest.get("sum").doubleValue(), within(tolerance));
    assertThat(absolute)
        .as(name + " abs_sum")
        .isCloseTo(digest.get("abs_sum").doubleValue(), within(tolerance));
    double squareExpected = digest.get("sq_sum").doubleValue();
    assertThat(square)
        .as(name + " sq_sum")
        .isCloseTo(squareExpected, within(DIGEST_RELATIVE * squareExpected));
    assertThat(weighted)
        .as(name + " weighted_sum")
        .isCloseTo(digest.get("weighted_sum").doubleValue(), within(tolerance));
  }

  @Override
  public void close() {
    tensors.close();
  }
}
