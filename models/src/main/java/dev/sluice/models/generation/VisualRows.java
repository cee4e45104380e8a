package dev.sluice.models.generation;

import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.VisualTokens;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Rows of several pictures on their way into a pass, each with the place that it goes to. Owned by
 * the device thread; plain Java.
 */
final class VisualRows {
  private final int width;
  private final Dtype dtype;
  private final List<Integer> places = new ArrayList<>();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();

  /**
   * @param width W, features of one row
   */
  VisualRows(int width, Dtype dtype) {
    this.width = width;
    this.dtype = dtype;
  }

  /**
   * Adds the rows from {@code from} to before {@code to}.
   *
   * @param placeOf the place of a row of this picture
   * @throws IllegalArgumentException if another model made the rows
   */
  void add(VisualTokens tokens, int from, int to, IntUnaryOperator placeOf) {
    if (from == to) {
      return;
    }
    if (tokens.width() != width || tokens.dtype() != dtype) {
      throw new IllegalArgumentException(
          "visual tokens: expected [T, %d] %s, found %s; encode and generate with one model"
              .formatted(width, dtype.label(), tokens));
    }
    for (int row = from; row < to; row++) {
      places.add(placeOf.applyAsInt(row));
    }
    int rowBytes = width * dtype.bytes();
    data.write(tokens.data(), from * rowBytes, (to - from) * rowBytes);
  }

  boolean isEmpty() {
    return places.isEmpty();
  }

  /** The place of each row, [V]. */
  int[] places() {
    return places.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The rows, [V, W], little endian. */
  byte[] data() {
    return data.toByteArray();
  }
}
