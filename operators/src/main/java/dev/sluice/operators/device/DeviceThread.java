package dev.sluice.operators.device;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that owns every tensor of a device: models are loaded, used and closed on it.
 * Other threads put messages into its inbox, and get their results as futures that it completes.
 *
 * <p>It waits for nothing but its inbox. Memory was granted before a request was made, so a batch
 * that is due runs at once; between batches it reads its messages, so that pictures of all subtasks
 * meet in the next one.
 */
final class DeviceThread implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceThread.class);

  private final BlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
  private final LongSupplier nanoTime;
  private final Thread thread;

  // Only the device thread touches these.
  private final List<ModelWorker> workers = new ArrayList<>();
  private int nextWorker;
  private boolean stopping;

  private volatile boolean ended;

  /**
   * @param predecessor a thread of the same device that is about to end, and is waited for
   */
  DeviceThread(String device, LongSupplier nanoTime, @Nullable Thread predecessor) {
    this.nanoTime = nanoTime;
    this.thread = new Thread(() -> run(predecessor), "sluice-device-" + device);
    thread.setDaemon(true);
    // The tokenizers' native library is found through it; never a job's, which must not be kept.
    thread.setContextClassLoader(DeviceThread.class.getClassLoader());
  }

  void start() {
    thread.start();
  }

  Thread thread() {
    return thread;
  }

  LongSupplier clock() {
    return nanoTime;
  }

  /** Runs the task on the device thread. */
  <T> CompletableFuture<T> call(Callable<T> task) {
    CompletableFuture<T> result = new CompletableFuture<>();
    inbox.add(
        () -> {
          try {
            result.complete(task.call());
          } catch (Throwable failure) {
            result.completeExceptionally(failure);
          }
        });
    return result;
  }

  /**
   * Runs the message on the device thread; one that comes after its end finds all models closed.
   */
  void tell(Runnable message) {
    inbox.add(message);
    if (ended) {
      readInbox();
    }
  }

  /** Called on the device thread. */
  void attach(ModelWorker worker) {
    workers.add(worker);
  }

  /** Called on the device thread. */
  void detach(ModelWorker worker) {
    workers.remove(worker);
  }

  /** Ends the thread once it has read what is in its inbox. */
  @Override
  public void close() {
    tell(() -> stopping = true);
  }

  private void run(@Nullable Thread predecessor) {
    try {
      if (predecessor != null) {
        predecessor.join();
      }
      while (!stopping) {
        readInbox();
        if (!stopping && !step()) {
          await();
        }
      }
    } catch (InterruptedException e) {
      LOG.warn("{} was interrupted and ends", thread.getName());
    } finally {
      workers.forEach(this::closeQuietly);
      ended = true;
      readInbox();
    }
  }

  private void readInbox() {
    for (Runnable message = inbox.poll(); message != null; message = inbox.poll()) {
      runMessage(message);
    }
  }

  /** One step of the first model, in turn, that has one due. */
  private boolean step() {
    for (int i = 0; i < workers.size(); i++) {
      ModelWorker worker = workers.get((nextWorker + i) % workers.size());
      if (worker.step()) {
        nextWorker = (nextWorker + i + 1) % workers.size();
        return true;
      }
    }
    return false;
  }

  private void await() throws InterruptedException {
    long waitNanos =
        workers.stream().mapToLong(ModelWorker::waitNanos).min().orElse(Long.MAX_VALUE);
    Runnable message =
        waitNanos == Long.MAX_VALUE ? inbox.take() : inbox.poll(waitNanos, TimeUnit.NANOSECONDS);
    if (message != null) {
      runMessage(message);
    }
  }

  private void runMessage(Runnable message) {
    try {
      message.run();
    } catch (RuntimeException | Error failure) {
      LOG.error("{}: a message failed", thread.getName(), failure);
    }
  }

  private void closeQuietly(ModelWorker worker) {
    try {
      worker.close();
    } catch (RuntimeException | Error failure) {
      LOG.error("{}: closing {} failed", thread.getName(), worker.model().info(), failure);
    }
  }
}
