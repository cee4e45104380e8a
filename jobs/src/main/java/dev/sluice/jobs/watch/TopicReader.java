package dev.sluice.jobs.watch;

import dev.sluice.jobs.stream.KafkaOptions.Topics;
import dev.sluice.serde.Caption;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Rejection;
import dev.sluice.serde.Verdict;
import dev.sluice.serde.json.JsonRecords;
import dev.sluice.serde.json.RecordFormatException;
import dev.sluice.serde.kafka.ImageEventDeserializer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads pictures and committed results of a stream in a thread of its own, without a consumer
 * group: nothing is committed, and the jobs do not notice. Thread-safe.
 */
public final class TopicReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final int MOST_FETCHED_BYTES = 32 << 20;
  private static final long PATIENCE_MILLIS = 5000;

  private final Topics topics;
  private final From from;
  private final Listener listener;
  private final ImageEventDeserializer images = new ImageEventDeserializer();
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Thread thread = new Thread(this::run, "watch-topics");
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  /**
   * @param properties of the Kafka client: where the brokers are, and how to log in
   */
  public TopicReader(Map<String, Object> properties, Topics topics, From from, Listener listener) {
    this.topics = topics;
    this.from = from;
    this.listener = listener;
    Map<String, Object> all = new HashMap<>(properties);
    all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    all.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, MOST_FETCHED_BYTES);
    all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
    this.consumer =
        new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    thread.setDaemon(true);
  }

  /**
   * Where to begin. Immutable.
   *
   * @param records how many of each partition are read first
   */
  public record From(long records) {
    /** All that is there. */
    public static final From BEGINNING = new From(Long.MAX_VALUE);
  }

  public void start() {
    thread.start();
  }

  /** Why it has ended before it was closed. */
  public Optional<Exception> failure() {
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
      assign();
      while (true) {
        for (ConsumerRecord<byte[], byte[]> found : consumer.poll(POLL)) {
          deliver(found);
        }
      }
    } catch (WakeupException e) {
      // Closed.
    } catch (RecordFormatException | RuntimeException e) {
      failure.set(e);
    }
  }

  private void assign() {
    List<TopicPartition> partitions =
        List.of(topics.images(), topics.captions(), topics.verdicts(), topics.rejected()).stream()
            .flatMap(topic -> consumer.partitionsFor(topic).stream())
            .map(TopicReader::partition)
            .toList();
    consumer.assign(partitions);
    Map<TopicPartition, Long> first = consumer.beginningOffsets(partitions);
    consumer
        .endOffsets(partitions)
        .forEach(
            (partition, end) ->
                consumer.seek(
                    partition, Math.max(first.getOrDefault(partition, 0L), end - from.records())));
  }

  private static TopicPartition partition(PartitionInfo info) {
    return new TopicPartition(info.topic(), info.partition());
  }

  private void deliver(ConsumerRecord<byte[], byte[]> found) throws RecordFormatException {
    if (found.topic().equals(topics.images())) {
      listener.image(images.read(found));
    } else if (found.topic().equals(topics.captions())) {
      listener.caption(JsonRecords.caption(found.value()));
    } else if (found.topic().equals(topics.verdicts())) {
      listener.verdict(JsonRecords.verdict(found.value()));
    } else {
      listener.rejection(JsonRecords.rejection(found.value()));
    }
  }

  /** Is told of everything that passes, by the reading thread. */
  public interface Listener {
    default void image(ImageEvent event) {}

    void caption(Caption caption);

    void verdict(Verdict verdict);

    void rejection(Rejection rejection);
  }
}
