package dev.sluice.operators.device;

import dev.sluice.models.VisionLanguageModel;
import dev.sluice.models.memory.MemoryLedger;
import dev.sluice.models.value.Dtype;
import dev.sluice.operators.ModelLoader;
import dev.sluice.operators.ModelOptions;
import dev.sluice.operators.ModelOptions.Peak;
import dev.sluice.operators.ModelRef;
import dev.sluice.operators.Workload;
import dev.sluice.operators.memory.CostCorrection;
import dev.sluice.operators.poison.PoisonGuard;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A device as this process shares it: its thread, its ledger, the models loaded on it. Thread-safe.
 *
 * <p>It lives from its first user to its last. Operators of all subtasks and jobs of the process
 * are users; a model is loaded for the first that asks and closed with the last.
 */
public final class DeviceRuntime implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceRuntime.class);

  private final String device;
  private final MemoryLedger ledger;
  private final DeviceThread thread;
  private final DecodingPool decoding;
  private final StepPolicy policy;
  private final Peak peak;
  private final DeviceMeters meters;
  private final PoisonGuard guard;
  private final CostCorrection correction = new CostCorrection();
  private final Runnable onClose;
  private final Map<ModelKey, Loaded> models = new HashMap<>();

  DeviceRuntime(ModelOptions options, MemoryLedger ledger, DeviceThread thread, Runnable onClose) {
    this.device = options.device();
    this.ledger = ledger;
    this.thread = thread;
    this.peak = options.peak();
    this.policy = new StepPolicy(options.batches());
    this.meters = new DeviceMeters(thread.clock(), options.batches().maxTiles());
    this.decoding =
        new DecodingPool(
            options.device(), options.threads().slice(), meters.clock(DeviceMeters.Work.SLICE));
    this.guard = PoisonGuard.of(options.poison());
    this.onClose = onClose;
  }

  /**
   * Becomes a user of the model's device; close it when done.
   *
   * @see Devices
   */
  public static DeviceRuntime of(ModelRef model) {
    DeviceRuntime runtime = Devices.use(model);
    runtime.guard.recall();
    return runtime;
  }

  /** Its name, such as {@code cuda:0}. */
  String device() {
    return device;
  }

  public MemoryLedger ledger() {
    return ledger;
  }

  /** By how much pictures take more than was estimated. */
  public CostCorrection correction() {
    return correction;
  }

  /** What it can do, as its first user says. */
  Peak peak() {
    return peak;
  }

  /** What it has done so far. */
  public DeviceMeters meters() {
    return meters;
  }

  /** How many pictures may be read and cut at once. */
  public int slicingThreads() {
    return decoding.size();
  }

  /** What makes two workloads the same on this device. */
  public static Object keyOf(Workload workload) {
    return workload.shares().stream()
        .map(share -> Map.entry(ModelKey.of(share.model()), share.views()))
        .toList();
  }

  /**
   * Becomes a user of the model and waits until it is loaded; close the handle when done.
   *
   * @throws IOException if it cannot be loaded, with the reason
   */
  public ModelHandle acquire(ModelRef model) throws IOException, InterruptedException {
    ModelKey key = ModelKey.of(model);
    Loaded loaded;
    synchronized (models) {
      loaded = models.computeIfAbsent(key, absent -> new Loaded(load(model)));
      loaded.users++;
    }
    try {
      ModelWorker worker = loaded.worker.get();
      return new ModelHandle(thread, worker, decoding, guard, () -> release(key, loaded));
    } catch (ExecutionException e) {
      release(key, loaded);
      Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
      throw new IOException(
          "model " + model + " could not be loaded: " + cause.getMessage(), cause);
    } catch (InterruptedException e) {
      release(key, loaded);
      throw e;
    }
  }

  /** Leaves the device; the last user's leaving ends its threads. */
  @Override
  public void close() {
    onClose.run();
  }

  void shutDown() {
    decoding.shutDown();
    thread.close();
    guard.close();
  }

  private CompletableFuture<ModelWorker> load(ModelRef model) {
    return thread.call(
        () -> {
          LOG.info("loading model {}", model);
          VisionLanguageModel loaded = model.loader().load(model, ledger);
          ModelWorker worker =
              new ModelWorker(
                  loaded,
                  policy,
                  model.options().generation().sequences(),
                  correction,
                  meters,
                  guard);
          thread.attach(worker);
          LOG.info("loaded model {}; {}", model, ledger.describe());
          return worker;
        });
  }

  private void release(ModelKey key, Loaded loaded) {
    synchronized (models) {
      loaded.users--;
      if (loaded.users > 0) {
        return;
      }
      models.remove(key);
    }
    thread.tell(
        () -> {
          // Messages are read in order: the load has ended, well or not.
          ModelWorker worker =
              loaded.worker.isCompletedExceptionally() ? null : loaded.worker.getNow(null);
          if (worker != null) {
            thread.detach(worker);
            worker.close();
          }
        });
  }

  private static final class Loaded {
    private final CompletableFuture<ModelWorker> worker;
    private int users;

    private Loaded(CompletableFuture<ModelWorker> worker) {
      this.worker = worker;
    }
  }

  private record ModelKey(
      String device,
      String path,
      @Nullable Dtype dtype,
      ModelOptions.GenerationLimits generation,
      ModelOptions.ImageSize imageLimits,
      ModelLoader loader) {
    static ModelKey of(ModelRef model) {
      ModelOptions options = model.options();
      return new ModelKey(
          options.device(),
          model.path(),
          options.dtype(),
          options.generation(),
          options.imageLimits(),
          model.loader());
    }
  }
}
