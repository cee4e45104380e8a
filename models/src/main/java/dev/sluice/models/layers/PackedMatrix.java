package dev.sluice.models.layers;

import dev.sluice.models.tensor.Device;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.weights.Weights;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.CompilationUnit;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * A matrix, and a bias if there is one, in oneDNN's own layout, for bfloat16 on a processor. Owned
 * by the device thread.
 *
 * <p>A plain matrix is brought into that layout at every product: with a few rows that is most of
 * the time (docs/performance.md). An activation behind the product is applied before the result
 * leaves the cache.
 */
final class PackedMatrix implements Linear.Product {
  private final IValue matrix;
  private final IValue bias;

  private PackedMatrix(IValue matrix, IValue bias) {
    this.matrix = matrix;
    this.bias = bias;
  }

  /** Whether matrices of these weights can be packed on this machine. */
  static boolean suits(Weights weights) {
    return weights.device().equals(Device.CPU)
        && weights.dtype() == Dtype.BFLOAT16
        && OneDnn.HAS_BFLOAT16;
  }

  /**
   * Packs a matrix.
   *
   * @param owner the packed matrix lives as long
   * @param matrix [out, in]; the caller closes it
   * @param bias [out], lives as long as {@code owner}; null for none
   */
  static PackedMatrix of(Weights owner, Tensor matrix, @Nullable Tensor bias) {
    try (IValue plain = new IValue(matrix);
        IValue anyRows = new IValue();
        IValueVector stack = new IValueVector(plain, anyRows)) {
      OneDnn.PACK.callBoxed(stack);
      return new PackedMatrix(
          owner.keep(new IValue(stack.get(0))),
          owner.keep(bias == null ? new IValue() : new IValue(bias)));
    }
  }

  @Override
  public Tensor apply(Tensor x) {
    return apply(x, OneDnn.NONE, OneDnn.EMPTY);
  }

  @Override
  public Tensor apply(Tensor x, Activation activation) {
    return switch (activation) {
      case GELU -> apply(x, OneDnn.GELU, OneDnn.NONE);
      case GELU_TANH -> apply(x, OneDnn.GELU, OneDnn.TANH);
      case SILU -> apply(x, OneDnn.SWISH, OneDnn.EMPTY);
      case RELU -> apply(x, OneDnn.RELU, OneDnn.EMPTY);
      case QUICK_GELU -> activation.consume(apply(x));
    };
  }

  private Tensor apply(Tensor x, IValue activation, IValue algorithm) {
    try (IValue input = new IValue(x);
        IValueVector stack =
            new IValueVector(input, matrix, bias, activation, OneDnn.NO_SCALARS, algorithm)) {
      OneDnn.LINEAR.callBoxed(stack);
      return new Tensor(stack.get(0).toTensor()); // a handle of its own: the stack is closed
    }
  }

  /** Operators without a Java method, and what they are called with. Loaded at first use. */
  private static final class OneDnn {
    static final boolean HAS_BFLOAT16 = hasBfloat16();
    static final OperatorHandle PACK = operator("mkldnn::_reorder_linear_weight");
    static final OperatorHandle LINEAR = operator("mkldnn::_linear_pointwise");
    static final IValue NO_SCALARS = noScalars();
    static final IValue NONE = text("none");
    static final IValue EMPTY = text("");
    static final IValue GELU = text("gelu");
    static final IValue TANH = text("tanh");
    static final IValue SWISH = text("swish");
    static final IValue RELU = text("relu");

    private static OperatorHandle operator(String name) {
      return kept(Dispatcher.singleton().findSchemaOrThrow(name, ""));
    }

    private static boolean hasBfloat16() {
      try (IValueVector stack = new IValueVector()) {
        operator("mkldnn::_is_mkldnn_bf16_supported").callBoxed(stack);
        return stack.get(0).toBool();
      }
    }

    /** An empty list of optional numbers: a type that only TorchScript can name from here. */
    private static IValue noScalars() {
      String script = "def none() -> List[Optional[number]]:\n  return []\n";
      try (CompilationUnit unit = torch.compile(script);
          IValueVector stack = new IValueVector()) {
        unit.get_functions().get(0).run(stack);
        return kept(new IValue(stack.get(0)));
      }
    }

    private static IValue text(String value) {
      return kept(new IValue(value));
    }

    /** Out of the scope that happens to be open at first use: it lives as long as the process. */
    private static <T extends Pointer> T kept(T value) {
      value.retainReference();
      return value;
    }
  }
}
