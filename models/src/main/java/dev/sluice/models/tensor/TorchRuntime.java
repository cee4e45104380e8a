package dev.sluice.models.tensor;

import dev.sluice.models.natives.NativeLibraries;
import java.util.concurrent.atomic.AtomicReference;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What must be set once per process before libtorch computes anything: its thread pools, OpenBLAS's
 * own pool, JavaCPP's accounting. Thread-safe.
 */
public final class TorchRuntime {
  private static final Logger LOG = LoggerFactory.getLogger(TorchRuntime.class);
  private static final AtomicReference<@Nullable Integer> THREADS = new AtomicReference<>();

  private TorchRuntime() {}

  /**
   * Sets the pools' sizes; the first call in a process wins, since a pool that exists does not
   * change its size. Call it before the first tensor operation, from any thread.
   *
   * @param threads threads of one operation, at least 1
   * @return the number of threads in force
   */
  public static int initialise(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: expected at least 1, found " + threads);
    }
    synchronized (THREADS) {
      Integer before = THREADS.get();
      if (before != null) {
        if (before != threads) {
          LOG.warn(
              "libtorch computes with {} threads already; {} is not taken up", before, threads);
        }
        return before;
      }
      NativeLibraries.load(() -> setUp(threads));
      THREADS.set(threads);
      return threads;
    }
  }

  /** {@link #initialise(int)} with one thread per processor this process may use. */
  public static int initialise() {
    return initialise(Runtime.getRuntime().availableProcessors());
  }

  private static void setUp(int threads) {
    warnAboutAccounting();
    torch.set_num_threads(threads);
    setInteropThreads();
    openblas_nolapack.blas_set_num_threads(threads);
  }

  /** One: a step is one operation after another. The pool may exist already, which is no harm. */
  private static void setInteropThreads() {
    try {
      torch.set_num_interop_threads(1);
    } catch (RuntimeException e) {
      LOG.warn("libtorch's inter-op pool exists already, its size stays ({})", e.getMessage());
    }
  }

  private static void warnAboutAccounting() {
    if (Pointer.maxPhysicalBytes() != 0) {
      LOG.warn(
          "JavaCPP reads this process's memory on every allocation and stalls above {}; start the"
              + " JVM with -Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
          Pointer.formatBytes(Pointer.maxPhysicalBytes()));
    }
  }

  /**
   * Turns gradients off for the calling thread until the result is closed on the same thread. Open
   * it outside any {@link TensorScope}, which would end it too early.
   */
  public static Inference inference() {
    return new Inference();
  }

  /** A stretch of a thread's life without gradients. Belongs to the thread that opened it. */
  public static final class Inference implements AutoCloseable {
    private final InferenceMode mode = new InferenceMode(true);

    private Inference() {
      mode.retainReference();
    }

    @Override
    public void close() {
      mode.close();
    }
  }
}
