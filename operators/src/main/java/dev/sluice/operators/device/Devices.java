package dev.sluice.operators.device;

import dev.sluice.models.memory.MemoryLedger;
import dev.sluice.operators.ModelOptions;
import dev.sluice.operators.ModelRef;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The devices that this process uses at the moment. Thread-safe.
 *
 * <p>Static, so that all jobs of a process share them; in a cluster this class must come from
 * Flink's own class path (docs/decisions/0010-one-thread-owns-the-device.md).
 */
final class Devices {
  private static final Logger LOG = LoggerFactory.getLogger(Devices.class);
  private static final Object LOCK = new Object();
  private static final Map<String, Shared> SHARED = new HashMap<>();
  private static final Map<String, Thread> ENDING = new HashMap<>();

  private Devices() {}

  static DeviceRuntime use(ModelRef model) {
    ModelOptions options = model.options();
    synchronized (LOCK) {
      Shared shared = SHARED.get(options.device());
      if (shared == null) {
        shared = start(model);
        SHARED.put(options.device(), shared);
      } else if (!shared.options.memoryBudget().equals(options.memoryBudget())
          || !shared.options.batches().equals(options.batches())
          || !shared.options.threads().equals(options.threads())) {
        LOG.warn(
            "device {} is in use with {}; {} applies after its last user has left",
            options.device(),
            shared.options,
            options);
      }
      shared.users++;
      return shared.runtime;
    }
  }

  private static Shared start(ModelRef model) {
    ModelOptions options = model.options();
    String device = options.device();
    long budgetBytes = options.memoryBudget().bytesOf(() -> model.loader().deviceBytes(device));
    MemoryLedger ledger = new MemoryLedger(device, budgetBytes);
    DeviceThread thread = new DeviceThread(device, System::nanoTime, ENDING.remove(device));
    thread.start();
    return new Shared(
        options, new DeviceRuntime(options, ledger, thread, () -> leave(device)), thread.thread());
  }

  private static void leave(String device) {
    synchronized (LOCK) {
      Shared shared = SHARED.get(device);
      if (shared == null) {
        throw new IllegalStateException("device " + device + ": left more often than used");
      }
      shared.users--;
      if (shared.users == 0) {
        SHARED.remove(device);
        ENDING.put(device, shared.thread);
        shared.runtime.shutDown();
      }
    }
  }

  /** The runtime in use, for metrics and tests. */
  static @Nullable DeviceRuntime inUse(String device) {
    synchronized (LOCK) {
      Shared shared = SHARED.get(device);
      return shared == null ? null : shared.runtime;
    }
  }

  private static final class Shared {
    private final ModelOptions options;
    private final DeviceRuntime runtime;
    private final Thread thread;
    private int users;

    private Shared(ModelOptions options, DeviceRuntime runtime, Thread thread) {
      this.options = options;
      this.runtime = runtime;
      this.thread = thread;
    }
  }
}
