package dev.sluice.operators.fetch;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads that fetch, and the one that says when time is up. They start as needed. */
final class FetchThreads implements AutoCloseable {
  private static final int IDLE_SECONDS = 30;

  private final ScheduledThreadPoolExecutor workers;
  private final ScheduledThreadPoolExecutor clock;

  FetchThreads(int size) {
    workers = pool("sluice-fetch", size);
    clock = pool("sluice-fetch-clock", 1);
  }

  /** They wait for servers. */
  ScheduledExecutorService workers() {
    return workers;
  }

  /** Never waits for anything. */
  ScheduledExecutorService clock() {
    return clock;
  }

  @Override
  public void close() {
    workers.shutdown();
    clock.shutdown();
  }

  private static ScheduledThreadPoolExecutor pool(String name, int size) {
    AtomicInteger number = new AtomicInteger();
    ScheduledThreadPoolExecutor pool =
        new ScheduledThreadPoolExecutor(
            size,
            task -> {
              Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
              thread.setDaemon(true);
              thread.setContextClassLoader(FetchThreads.class.getClassLoader());
              return thread;
            });
    pool.setRemoveOnCancelPolicy(true);
    pool.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }
}
