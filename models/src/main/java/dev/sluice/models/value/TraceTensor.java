package dev.sluice.models.value;

import java.util.List;

/** A stage's tensor, copied out of the engine. Immutable; the array is shared, not copied. */
public sealed interface TraceTensor {

  /** Sizes of all axes. */
  List<Long> shape();

  /** float32 values, row-major. */
  @SuppressWarnings("ArrayRecordComponent") // values are shared by the rule of this package
  record Floats(List<Long> shape, float[] values) implements TraceTensor {
    public Floats {
      shape = List.copyOf(shape);
    }
  }

  /** int64 values, row-major. */
  @SuppressWarnings("ArrayRecordComponent") // values are shared by the rule of this package
  record Longs(List<Long> shape, long[] values) implements TraceTensor {
    public Longs {
      shape = List.copyOf(shape);
    }
  }
}
