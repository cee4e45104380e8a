package dev.sluice.models.layers;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Activation functions by the names that configurations use in {@code hidden_act}. */
public enum Activation {
  /** x σ(1.702 x): CLIP. */
  QUICK_GELU,
  /** The exact Gaussian error linear unit. */
  GELU,
  /** Its approximation by tanh. */
  GELU_TANH,
  /** x σ(x), also called swish: LLaMA. */
  SILU,
  RELU;

  private static final double QUICK_GELU_SLOPE = 1.702;

  /**
   * @throws IllegalArgumentException for a name that is not known
   */
  public static Activation of(String hiddenAct) {
    return switch (hiddenAct) {
      case "quick_gelu" -> QUICK_GELU;
      case "gelu" -> GELU;
      case "gelu_new", "gelu_pytorch_tanh", "gelu_fast" -> GELU_TANH;
      case "silu", "swish" -> SILU;
      case "relu" -> RELU;
      default ->
          throw new IllegalArgumentException(
              "hidden_act: expected quick_gelu, gelu, gelu_new, gelu_pytorch_tanh, silu or relu,"
                  + " found '"
                  + hiddenAct
                  + "'");
    };
  }

  /** The function of {@code x}, element by element; may overwrite {@code x}. */
  public Tensor consume(Tensor x) {
    return switch (this) {
      case QUICK_GELU -> {
        try (Scalar slope = new Scalar(QUICK_GELU_SLOPE)) {
          yield x.mul_(torch.mul(x, slope).sigmoid_());
        }
      }
      case GELU -> torch.gelu_(x);
      case GELU_TANH -> torch.gelu_(x, "tanh");
      case SILU -> torch.silu_(x);
      case RELU -> x.relu_();
    };
  }
}
