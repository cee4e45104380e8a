package dev.sluice.models.weights;

import dev.sluice.models.value.Dtype;
import java.util.Locale;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Element types that weight files hold, by their name in safetensors. Immutable. */
public enum StoredDtype {
  F64(8, ScalarType.Double),
  F32(4, ScalarType.Float),
  F16(2, ScalarType.Half),
  BF16(2, ScalarType.BFloat16),
  I64(8, ScalarType.Long),
  I32(4, ScalarType.Int),
  I16(2, ScalarType.Short),
  I8(1, ScalarType.Char),
  U8(1, ScalarType.Byte),
  BOOL(1, ScalarType.Bool);

  private final int bytes;
  private final ScalarType scalarType;

  StoredDtype(int bytes, ScalarType scalarType) {
    this.bytes = bytes;
    this.scalarType = scalarType;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  /** The libtorch type. */
  public ScalarType scalarType() {
    return scalarType;
  }

  /** Whether values of this type are weights, which are computed in the model's own type. */
  public boolean isFloating() {
    return this == F64 || this == F32 || this == F16 || this == BF16;
  }

  /** How a compute type is stored. */
  public static StoredDtype of(Dtype dtype) {
    return switch (dtype) {
      case FLOAT32 -> F32;
      case FLOAT16 -> F16;
      case BFLOAT16 -> BF16;
    };
  }

  /**
   * The stored form of a libtorch type.
   *
   * @throws IllegalArgumentException for a type that weight files do not hold
   */
  public static StoredDtype of(ScalarType type) {
    ScalarType interned = type.intern();
    for (StoredDtype candidate : values()) {
      if (candidate.scalarType == interned) {
        return candidate;
      }
    }
    throw new IllegalArgumentException("element type " + interned + ": not a type of weight files");
  }

  /** For messages: {@code bf16}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
