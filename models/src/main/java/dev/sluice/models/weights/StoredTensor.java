package dev.sluice.models.weights;

import dev.sluice.models.tensor.Tensors;
import java.util.Arrays;

/** Where one tensor stands in a file. Immutable; equal only to itself. */
final class StoredTensor {
  private final String name;
  private final StoredDtype dtype;
  private final long[] shape;
  private final long[] strides;
  private final long offset;

  /**
   * @param name its name in the file
   * @param dtype its stored element type
   * @param shape sizes of all axes
   * @param strides steps between the elements of each axis, in elements
   * @param offset its first byte in the file
   */
  StoredTensor(String name, StoredDtype dtype, long[] shape, long[] strides, long offset) {
    this.name = name;
    this.dtype = dtype;
    this.shape = shape;
    this.strides = strides;
    this.offset = offset;
  }

  /** A tensor whose last axis is the fastest, without gaps. */
  static StoredTensor rowMajor(String name, StoredDtype dtype, long[] shape, long offset) {
    return new StoredTensor(name, dtype, shape, rowMajorStrides(shape), offset);
  }

  /**
   * @throws ArithmeticException beyond 2^63
   */
  static long[] rowMajorStrides(long... shape) {
    long[] strides = new long[shape.length];
    long step = 1;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      strides[axis] = step;
      step = Math.multiplyExact(step, Math.max(1, shape[axis]));
    }
    return strides;
  }

  String name() {
    return name;
  }

  StoredDtype dtype() {
    return dtype;
  }

  /** Shared, not copied. */
  long[] shape() {
    return shape;
  }

  /** Shared, not copied. */
  long[] strides() {
    return strides;
  }

  long offset() {
    return offset;
  }

  long elements() {
    return Tensors.count(shape);
  }

  /**
   * Bytes from the first element to the end of the last one.
   *
   * @throws ArithmeticException beyond 2^63
   */
  long spanBytes() {
    if (elements() == 0) {
      return 0;
    }
    long last = 0;
    for (int axis = 0; axis < shape.length; axis++) {
      last = Math.addExact(last, Math.multiplyExact(shape[axis] - 1, strides[axis]));
    }
    return Math.multiplyExact(Math.addExact(last, 1), dtype.bytes());
  }

  boolean isRowMajor() {
    return Arrays.equals(strides, rowMajorStrides(shape));
  }

  @Override
  public String toString() {
    return "tensor '%s' %s %s at byte %d".formatted(name, dtype, Arrays.toString(shape), offset);
  }
}
