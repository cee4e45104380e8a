package dev.sluice.benchmarks.load;

import dev.sluice.jobs.local.ProcessMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Looks at this process's resident memory every second. Thread-safe. */
final class MemoryWatch implements AutoCloseable {
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "watch-memory"));
  private final List<Long> samples = new ArrayList<>();

  MemoryWatch() {
    var unused = timer.scheduleAtFixedRate(this::look, 0, 1, TimeUnit.SECONDS);
  }

  /** Mean of a part of the samples, bytes. */
  synchronized double mean(double from, double to) {
    int size = samples.size();
    return samples.subList((int) (size * from), (int) Math.ceil(size * to)).stream()
        .mapToLong(Long::longValue)
        .average()
        .orElse(0);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  private synchronized void look() {
    samples.add(ProcessMemory.residentBytes());
  }
}
