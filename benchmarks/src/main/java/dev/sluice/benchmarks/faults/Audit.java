package dev.sluice.benchmarks.faults;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Reads all committed results and counts them by event: each must come once, as a result or as a
 * rejection. Thread-safe; reads in a thread of its own.
 */
final class Audit implements AutoCloseable {
  /** What each event must be found in once. */
  enum Stream {
    IMAGES,
    CAPTIONS,
    VERDICTS
  }

  private static final Map<String, Stream> STREAMS =
      Map.of(
          Topics.IMAGES, Stream.IMAGES,
          Topics.CAPTIONS, Stream.CAPTIONS,
          Topics.CAPTIONS_REJECTED, Stream.CAPTIONS,
          Topics.VERDICTS, Stream.VERDICTS,
          Topics.VERDICTS_REJECTED, Stream.VERDICTS);

  private final String bootstrapServers;
  private final Map<Stream, Count> counts = new TreeMap<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
  private final Thread thread = new Thread(this::run, "audit");

  Audit(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
    for (Stream stream : Stream.values()) {
      counts.put(stream, new Count());
    }
    thread.setDaemon(true);
    thread.start();
  }

  /** How many different events have been found in a stream. */
  int found(Stream stream) {
    RuntimeException failed = failure.get();
    if (failed != null) {
      throw new IllegalStateException("audit: " + failed.getMessage(), failed);
    }
    Count count = count(stream);
    synchronized (count) {
      return count.seen.cardinality();
    }
  }

  boolean hasFound(Stream stream, int number) {
    Count count = count(stream);
    synchronized (count) {
      return count.seen.get(number);
    }
  }

  /** Events that were found in a stream more than once. */
  List<Integer> twice(Stream stream) {
    Count count = count(stream);
    synchronized (count) {
      return List.copyOf(count.twice);
    }
  }

  @Override
  public void close() {
    closed.set(true);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Count count(Stream stream) {
    return Objects.requireNonNull(counts.get(stream));
  }

  private void run() {
    try (CommittedRecords records =
        new CommittedRecords(bootstrapServers, Topics.all(), Topics.PARTITIONS)) {
      while (!closed.get()) {
        records.poll(
            (topic, number) -> count(Objects.requireNonNull(STREAMS.get(topic))).add(number));
      }
    } catch (RuntimeException e) {
      failure.set(e);
    }
  }

  private static final class Count {
    private final BitSet seen = new BitSet();
    private final List<Integer> twice = new ArrayList<>();

    private synchronized void add(int number) {
      if (seen.get(number)) {
        twice.add(number);
      }
      seen.set(number);
    }
  }
}
