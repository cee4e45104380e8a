package dev.sluice.benchmarks.load;

import dev.sluice.benchmarks.faults.CommittedRecords;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Counts committed results by event. Thread-safe; reads in a thread of its own. */
final class ResultCount implements AutoCloseable {
  private final String rejectedTopic;
  private final CommittedRecords records;
  private final BitSet seen = new BitSet();
  private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
  private final Thread thread = new Thread(this::run, "count-results");
  private int rejected;
  private int twice;
  private volatile boolean closed;

  ResultCount(String bootstrapServers, String topic, String rejectedTopic, int partitions) {
    this.rejectedTopic = rejectedTopic;
    this.records =
        new CommittedRecords(bootstrapServers, List.of(topic, rejectedTopic), partitions);
    thread.setDaemon(true);
    thread.start();
  }

  /** Events with a result, a rejection being one. */
  synchronized int events() {
    RuntimeException failed = failure.get();
    if (failed != null) {
      throw new IllegalStateException("results: " + failed.getMessage(), failed);
    }
    return seen.cardinality();
  }

  synchronized int rejected() {
    return rejected;
  }

  /** Results beyond the first of an event. */
  synchronized int twice() {
    return twice;
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try (records) {
      while (!closed) {
        records.poll(this::add);
      }
    } catch (RuntimeException e) {
      failure.set(e);
    }
  }

  private synchronized void add(String topic, int number) {
    if (seen.get(number)) {
      twice++;
    }
    seen.set(number);
    if (topic.equals(rejectedTopic)) {
      rejected++;
    }
  }
}
