package dev.sluice.models.value;

/** Element types that weights are stored and computed in. */
public enum Dtype {
  FLOAT32("float32", 4),
  FLOAT16("float16", 2),
  BFLOAT16("bfloat16", 2);

  private final String label;
  private final int bytes;

  Dtype(String label, int bytes) {
    this.label = label;
    this.bytes = bytes;
  }

  /** The name that checkpoints use in {@code torch_dtype}. */
  public String label() {
    return label;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  /**
   * Reads {@code float32}, {@code float16}, {@code bfloat16} and the short forms {@code fp32},
   * {@code fp16}, {@code bf16}.
   *
   * @throws IllegalArgumentException for any other name
   */
  public static Dtype parse(String name) {
    return switch (name) {
      case "float32", "fp32", "float" -> FLOAT32;
      case "float16", "fp16", "half" -> FLOAT16;
      case "bfloat16", "bf16" -> BFLOAT16;
      default ->
          throw new IllegalArgumentException(
              "dtype: expected float32, float16 or bfloat16, found '" + name + "'");
    };
  }
}
