package dev.sluice.operators.device;

import dev.sluice.operators.metrics.BusyClock;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads of a process that read and cut pictures. Thread-safe. */
final class DecodingPool implements Executor {
  private final ThreadPoolExecutor threads;
  private final BusyClock busy;

  /**
   * @param busy counts the time of each thread at work
   */
  DecodingPool(String device, int size, BusyClock busy) {
    this.busy = busy;
    AtomicInteger number = new AtomicInteger();
    threads =
        new ThreadPoolExecutor(
            size,
            size,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread =
                  new Thread(task, "sluice-slice-" + device + "-" + number.incrementAndGet());
              thread.setDaemon(true);
              thread.setContextClassLoader(DecodingPool.class.getClassLoader());
              return thread;
            });
  }

  @Override
  public void execute(Runnable task) {
    threads.execute(() -> busy.during(task));
  }

  int size() {
    return threads.getCorePoolSize();
  }

  /** Ends the threads once they have done what is queued; nobody wants most of that any more. */
  void shutDown() {
    threads.shutdown();
  }
}
