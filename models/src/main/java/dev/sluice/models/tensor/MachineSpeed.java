package dev.sluice.models.tensor;

import dev.sluice.models.value.Dtype;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What this processor can do at best, measured: what a model's speed is held against. A call takes
 * a second or two and up to half a gigabyte. Stateless; call it from the thread that computes.
 */
public final class MachineSpeed {
  private static final int[] SIDES = {1024, 2048, 3072};
  private static final long READ_ELEMENTS = 1L << 27; // 512 MiB of float32, far beyond any cache
  private static final int MOST_RUNS = 20;
  private static final double ENOUGH_SECONDS = 0.5;

  private MachineSpeed() {}

  /** Element types of a product. */
  public enum Product {
    FLOAT32("float32", ScalarType.Float),
    FLOAT16("float16", ScalarType.Half),
    BFLOAT16("bfloat16", ScalarType.BFloat16),
    /** Summed up in 32 bits. */
    INT8("int8", ScalarType.Char);

    private final String label;
    private final ScalarType type;

    Product(String label, ScalarType type) {
      this.label = label;
      this.type = type;
    }

    /** The product that a model of this type is made of. */
    public static Product of(Dtype dtype) {
      return switch (dtype) {
        case FLOAT32 -> FLOAT32;
        case FLOAT16 -> FLOAT16;
        case BFLOAT16 -> BFLOAT16;
      };
    }

    public String label() {
      return label;
    }
  }

  /** Operations per second of the best square product; a multiply and an add are two. */
  public static double operationsPerSecond(Product product) {
    double best = 0;
    for (int side : SIDES) {
      try (TorchRuntime.Inference inference = TorchRuntime.inference();
          TensorScope scope = new TensorScope()) {
        Tensor left = ones(product.type, side, side);
        Tensor right = ones(product.type, side, side).t();
        double seconds =
            bestSeconds(() -> product == Product.INT8 ? int8(left, right) : torch.mm(left, right));
        best = Math.max(best, 2.0 * side * side * side / seconds);
      }
    }
    return best;
  }

  /** Bytes per second of reading memory from one end to the other with all threads. */
  public static double readBytesPerSecond() {
    try (TorchRuntime.Inference inference = TorchRuntime.inference();
        TensorScope scope = new TensorScope()) {
      Tensor all = ones(ScalarType.Float, READ_ELEMENTS);
      return READ_ELEMENTS * Float.BYTES / bestSeconds(all::sum);
    }
  }

  private static Tensor ones(ScalarType type, long... shape) {
    Tensor tensor = Tensors.zeros(type, Device.CPU, shape);
    return tensor.add_(new Scalar(1));
  }

  /** libtorch's name for it has no Java method. */
  private static Tensor int8(Tensor left, Tensor right) {
    OperatorHandle product = Dispatcher.singleton().findSchemaOrThrow("aten::_int_mm", "");
    IValueVector stack = new IValueVector(new IValue(left), new IValue(right));
    product.callBoxed(stack);
    return stack.get(0).toTensor();
  }

  /** The first run is not counted: it packs, allocates, and starts threads. */
  private static double bestSeconds(Supplier<Tensor> work) {
    seconds(work);
    double best = Double.MAX_VALUE;
    double total = 0;
    for (int i = 0; i < MOST_RUNS && total < ENOUGH_SECONDS; i++) {
      double seconds = seconds(work);
      best = Math.min(best, seconds);
      total += seconds;
    }
    return best;
  }

  private static double seconds(Supplier<Tensor> work) {
    try (TensorScope scope = new TensorScope()) {
      long start = System.nanoTime();
      Tensor unused = work.get();
      return (System.nanoTime() - start) / 1e9;
    }
  }
}
