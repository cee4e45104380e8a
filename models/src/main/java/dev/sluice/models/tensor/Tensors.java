package dev.sluice.models.tensor;

import dev.sluice.models.value.Dtype;
import java.util.Arrays;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Java arrays to tensors and back, element types, and shape checks. Thread-safe: holds nothing.
 *
 * <p>Every method that returns a tensor returns one that the caller, or the scope it stands in,
 * closes. Methods that return arrays close what they make on the way.
 */
public final class Tensors {
  /** In an expected shape: any size. */
  public static final long ANY = -1;

  private Tensors() {}

  // ---- element types -------------------------------------------------------------------------

  /** The libtorch type of a compute type. */
  public static ScalarType scalarType(Dtype dtype) {
    return switch (dtype) {
      case FLOAT32 -> ScalarType.Float;
      case FLOAT16 -> ScalarType.Half;
      case BFLOAT16 -> ScalarType.BFloat16;
    };
  }

  /**
   * The compute type of a floating tensor.
   *
   * @throws IllegalArgumentException for integers and other types
   */
  public static Dtype dtype(Tensor tensor) {
    ScalarType type = scalarType(tensor);
    return switch (type) {
      case Float -> Dtype.FLOAT32;
      case Half -> Dtype.FLOAT16;
      case BFloat16 -> Dtype.BFLOAT16;
      default ->
          throw new IllegalArgumentException(
              "tensor "
                  + Arrays.toString(shape(tensor))
                  + ": expected float32, float16 or bfloat16, found "
                  + type);
    };
  }

  /** A tensor's element type as the interned enum constant, fit for {@code switch}. */
  public static ScalarType scalarType(Tensor tensor) {
    return tensor.scalar_type().intern();
  }

  /** Options for a new tensor: where, and of what type. The caller, or its scope, closes them. */
  public static TensorOptions options(ScalarType type, Device device) {
    try (org.bytedeco.pytorch.Device place = device.toTorch();
        DeviceOptional optional = new DeviceOptional(place);
        TensorOptions typed = new TensorOptions(type)) {
      return typed.device(optional);
    }
  }

  // ---- making --------------------------------------------------------------------------------

  /** float32 {@code shape} on the processor, copied from {@code values}. */
  public static Tensor ofFloats(float[] values, long... shape) {
    requireCount(values.length, shape);
    Tensor tensor = empty(ScalarType.Float, Device.CPU, shape);
    if (values.length > 0) {
      try (PointerScope scope = new PointerScope()) {
        new FloatPointer(tensor.data_ptr()).put(values);
      }
    }
    return tensor;
  }

  /** int64 {@code shape} on the processor, copied from {@code values}. */
  public static Tensor ofLongs(long[] values, long... shape) {
    requireCount(values.length, shape);
    Tensor tensor = empty(ScalarType.Long, Device.CPU, shape);
    if (values.length > 0) {
      try (PointerScope scope = new PointerScope()) {
        new LongPointer(tensor.data_ptr()).put(values);
      }
    }
    return tensor;
  }

  /** int64 {@code shape} on the processor (what indices and token ids are), from ints. */
  public static Tensor ofInts(int[] values, long... shape) {
    return ofLongs(Arrays.stream(values).asLongStream().toArray(), shape);
  }

  /** uint8 {@code shape} on the processor, copied from {@code values}. */
  public static Tensor ofBytes(byte[] values, long... shape) {
    return ofRaw(values, ScalarType.Byte, shape);
  }

  /**
   * A tensor of any type from its little-endian, row-major content (bfloat16 and float16 included),
   * copied.
   *
   * @throws IllegalArgumentException if the bytes do not fill the shape exactly
   */
  public static Tensor ofRaw(byte[] littleEndian, ScalarType type, long... shape) {
    long expected = Math.multiplyExact(count(shape), torch.elementSize(type));
    if (littleEndian.length != expected) {
      throw new IllegalArgumentException(
          "tensor %s of %s: expected %d bytes, found %d"
              .formatted(Arrays.toString(shape), type, expected, littleEndian.length));
    }
    Tensor tensor = empty(type, Device.CPU, shape);
    if (littleEndian.length > 0) {
      try (PointerScope scope = new PointerScope()) {
        new BytePointer(tensor.data_ptr()).put(littleEndian);
      }
    }
    return tensor;
  }

  /** Uninitialised memory. */
  public static Tensor empty(ScalarType type, Device device, long... shape) {
    try (TensorOptions options = options(type, device);
        MemoryFormatOptional format = new MemoryFormatOptional()) {
      return torch.empty(shape, options, format);
    }
  }

  /** Zeros. */
  public static Tensor zeros(ScalarType type, Device device, long... shape) {
    try (TensorOptions options = options(type, device)) {
      return torch.zeros(shape, options);
    }
  }

  /** Zeros of a compute type. */
  public static Tensor zeros(Dtype dtype, Device device, long... shape) {
    return zeros(scalarType(dtype), device, shape);
  }

  /**
   * The tensor in another type and place: a new tensor, or a new handle on the same storage where
   * nothing changes (so closing the result never harms the argument).
   */
  public static Tensor to(Tensor tensor, Device device, ScalarType type) {
    try (org.bytedeco.pytorch.Device place = device.toTorch()) {
      return tensor.to(place, type);
    }
  }

  /** {@link #to(Tensor, Device, ScalarType)} for compute types. */
  public static Tensor to(Tensor tensor, Device device, Dtype dtype) {
    return to(tensor, device, scalarType(dtype));
  }

  // ---- reading -------------------------------------------------------------------------------

  /** The elements in row-major order as float32, from any type and device. */
  public static float[] toFloats(Tensor tensor) {
    try (PointerScope scope = new PointerScope()) {
      Tensor plain = plain(tensor, ScalarType.Float);
      float[] values = new float[Math.toIntExact(plain.numel())];
      if (values.length > 0) {
        new FloatPointer(plain.data_ptr()).get(values);
      }
      return values;
    }
  }

  /** The elements in row-major order as int64, from any type and device. */
  public static long[] toLongs(Tensor tensor) {
    try (PointerScope scope = new PointerScope()) {
      Tensor plain = plain(tensor, ScalarType.Long);
      long[] values = new long[Math.toIntExact(plain.numel())];
      if (values.length > 0) {
        new LongPointer(plain.data_ptr()).get(values);
      }
      return values;
    }
  }

  /**
   * The elements in row-major order as ints.
   *
   * @throws ArithmeticException if one does not fit
   */
  public static int[] toInts(Tensor tensor) {
    return Arrays.stream(toLongs(tensor)).mapToInt(Math::toIntExact).toArray();
  }

  /** The elements' little-endian bytes in row-major order, in the tensor's own type. */
  public static byte[] toBytes(Tensor tensor) {
    try (PointerScope scope = new PointerScope()) {
      Tensor plain = plain(tensor, scalarType(tensor));
      byte[] bytes = new byte[Math.toIntExact(plain.numel() * plain.element_size())];
      if (bytes.length > 0) {
        new BytePointer(plain.data_ptr()).get(bytes);
      }
      return bytes;
    }
  }

  private static Tensor plain(Tensor tensor, ScalarType type) {
    return to(tensor, Device.CPU, type).contiguous();
  }

  // ---- shapes --------------------------------------------------------------------------------

  /** The sizes of all axes. */
  public static long[] shape(Tensor tensor) {
    return tensor.shape();
  }

  /**
   * How many elements a shape has.
   *
   * @throws ArithmeticException beyond 2^63
   * @throws IllegalArgumentException for a negative size
   */
  public static long count(long... shape) {
    long count = 1;
    for (long size : shape) {
      if (size < 0) {
        throw new IllegalArgumentException(
            "shape " + Arrays.toString(shape) + ": expected sizes of 0 or more");
      }
      count = Math.multiplyExact(count, size);
    }
    return count;
  }

  /** Whether a shape is the expected one, where {@link #ANY} stands for any size. */
  public static boolean matches(long[] found, long... expected) {
    if (found.length != expected.length) {
      return false;
    }
    for (int axis = 0; axis < found.length; axis++) {
      if (expected[axis] != ANY && expected[axis] != found[axis]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns the tensor if its shape is the expected one ({@link #ANY}: any size).
   *
   * @param what names the tensor in the message
   * @throws IllegalArgumentException with both shapes otherwise
   */
  public static Tensor requireShape(String what, Tensor tensor, long... expected) {
    if (!matches(tensor.shape(), expected)) {
      throw new IllegalArgumentException(
          "%s: expected %s, found %s"
              .formatted(what, Arrays.toString(expected), Arrays.toString(tensor.shape())));
    }
    return tensor;
  }

  private static void requireCount(int values, long... shape) {
    if (values != count(shape)) {
      throw new IllegalArgumentException(
          "tensor %s: expected %d values, found %d"
              .formatted(Arrays.toString(shape), count(shape), values));
    }
  }
}
