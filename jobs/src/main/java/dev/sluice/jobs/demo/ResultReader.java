package dev.sluice.jobs.demo;

import dev.sluice.jobs.stream.KafkaOptions.Topics;
import dev.sluice.serde.Caption;
import dev.sluice.serde.Rejection;
import dev.sluice.serde.Verdict;
import dev.sluice.serde.json.JsonRecords;
import dev.sluice.serde.json.RecordFormatException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads committed results from the output topics in a thread of its own. Thread-safe. */
final class ResultReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final long PATIENCE_MILLIS = 5000;

  private final Topics topics;
  private final Listener listener;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Thread thread = new Thread(this::run, "demo-results");
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  ResultReader(String bootstrapServers, Topics topics, Listener listener) {
    this.topics = topics;
    this.listener = listener;
    this.consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                ConsumerConfig.GROUP_ID_CONFIG, "sluice-demo",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  Optional<Exception> failure() {
    return Optional.ofNullable(failure.get());
  }

  @Override
  public void close() {
    consumer.wakeup();
    try {
      thread.join(PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try (consumer) {
      consumer.subscribe(List.of(topics.captions(), topics.verdicts(), topics.rejected()));
      while (true) {
        for (ConsumerRecord<byte[], byte[]> result : consumer.poll(POLL)) {
          deliver(result);
        }
      }
    } catch (WakeupException e) {
      // Closed.
    } catch (RecordFormatException | RuntimeException e) {
      failure.set(e);
    }
  }

  private void deliver(ConsumerRecord<byte[], byte[]> result) throws RecordFormatException {
    if (result.topic().equals(topics.captions())) {
      listener.caption(JsonRecords.caption(result.value()));
    } else if (result.topic().equals(topics.verdicts())) {
      listener.verdict(JsonRecords.verdict(result.value()));
    } else {
      listener.rejection(JsonRecords.rejection(result.value()));
    }
  }

  /** Is told of every result, by the reading thread. */
  interface Listener {
    void caption(Caption caption);

    void verdict(Verdict verdict);

    void rejection(Rejection rejection);
  }
}
