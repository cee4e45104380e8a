package dev.sluice.benchmarks.policies;

import dev.sluice.benchmarks.faults.CommittedRecords;
import dev.sluice.serde.Verdict;
import dev.sluice.serde.json.JsonRecords;
import dev.sluice.serde.json.RecordFormatException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads committed verdicts and remembers when each policy version was first seen. One thread's. */
final class VerdictReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(50);

  private final CommittedRecords records;
  private final Map<String, Instant> written = new HashMap<>();
  private final Map<String, Instant> visible = new HashMap<>();
  private final Set<String> events = new HashSet<>();
  private int twice;

  VerdictReader(String bootstrapServers, int partitions) {
    records = new CommittedRecords(bootstrapServers, List.of("verdicts"), partitions);
  }

  /**
   * Reads until so many events have a verdict.
   *
   * @throws IllegalStateException if they do not come in time
   */
  void await(int count, Duration patience) throws RecordFormatException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (events.size() < count) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "verdicts: expected %d within %s, found %d".formatted(count, patience, events.size()));
      }
      readFor(POLL);
    }
  }

  /** Reads what comes in this time. */
  void readFor(Duration time) throws RecordFormatException {
    long end = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
      for (ConsumerRecord<byte[], byte[]> found : records.poll(Duration.ofNanos(left))) {
        see(JsonRecords.verdict(found.value()), Instant.ofEpochMilli(found.timestamp()));
      }
    }
  }

  private void see(Verdict verdict, Instant writtenAt) {
    if (!events.add(verdict.identity().eventId())) {
      twice++;
    }
    visible.putIfAbsent(verdict.policyVersion(), Instant.now());
    written.merge(
        verdict.policyVersion(),
        writtenAt,
        (known, other) -> known.isBefore(other) ? known : other);
  }

  /** When the first verdict by this version was written. */
  Instant written(String version) {
    return Objects.requireNonNull(written.get(version), version);
  }

  /** When the first verdict by this version was seen here. */
  Instant visible(String version) {
    return Objects.requireNonNull(visible.get(version), version);
  }

  int found() {
    return events.size();
  }

  int twice() {
    return twice;
  }

  @Override
  public void close() {
    records.close();
  }
}
