package dev.sluice.benchmarks;

import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.weights.SafetensorsWriter;
import dev.sluice.models.weights.StoredDtype;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Random bfloat16 tensors of one weight file: equal for equal seeds. Used by one thread.
 *
 * <p>Scales are chosen so that activations neither vanish nor overflow, whatever the depth.
 */
final class RandomShard {
  private static final int ONE = 0x3f80; // 1 in bfloat16
  private static final double GAIN = 0.5;

  private final SplittableRandom random;
  private final SafetensorsWriter writer = new SafetensorsWriter();
  private final List<String> names = new ArrayList<>();

  RandomShard(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** A matrix [out, in]. */
  void matrix(String name, long out, long in) {
    uniform(name, GAIN * Math.sqrt(3.0 / in), out, in);
  }

  /** A matrix {@code name.weight} and its {@code name.bias}. */
  void linear(String name, long out, long in) {
    matrix(name + ".weight", out, in);
    uniform(name + ".bias", 0.01, out);
  }

  /** The weight of a norm. */
  void ones(String name, long... shape) {
    byte[] bytes = new byte[Math.toIntExact(2 * Tensors.count(shape))];
    for (int i = 0; i < bytes.length; i += 2) {
      put(bytes, i, ONE);
    }
    add(name, bytes, shape);
  }

  /** {@code name.weight} and {@code name.bias} of a layer norm. */
  void layerNorm(String name, long width) {
    ones(name + ".weight", width);
    uniform(name + ".bias", 0.01, width);
  }

  /** Values from -{@code bound} to {@code bound}. */
  void uniform(String name, double bound, long... shape) {
    byte[] bytes = new byte[Math.toIntExact(2 * Tensors.count(shape))];
    float step = (float) (bound / (1 << 15));
    for (int i = 0; i < bytes.length; i += 2) {
      put(bytes, i, Float.floatToRawIntBits((short) random.nextInt() * step) >>> 16);
    }
    add(name, bytes, shape);
  }

  private static void put(byte[] bytes, int at, int bfloat16) {
    bytes[at] = (byte) bfloat16;
    bytes[at + 1] = (byte) (bfloat16 >>> 8);
  }

  private void add(String name, byte[] bytes, long... shape) {
    writer.add(name, StoredDtype.BF16, bytes, shape);
    names.add(name);
  }

  /**
   * Writes the file.
   *
   * @return the names of its tensors
   */
  List<String> write(Path file) {
    writer.write(file);
    return names;
  }
}
