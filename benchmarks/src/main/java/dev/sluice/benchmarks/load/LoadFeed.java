package dev.sluice.benchmarks.load;

import dev.sluice.serde.kafka.ImageRecords;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Sends events at a rate, whatever becomes of them. Used by one thread. */
final class LoadFeed implements AutoCloseable {
  private static final long TICK_MILLIS = 10;

  private final LoadPictures pictures;
  private final String topic;
  private final KafkaProducer<byte[], byte[]> producer;
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private int next;

  LoadFeed(String bootstrapServers, String topic, LoadPictures pictures) {
    this.pictures = pictures;
    this.topic = topic;
    this.producer =
        new KafkaProducer<>(
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /**
   * Sends so many at once.
   *
   * @param deadline of every event
   */
  void burst(int events, @Nullable Instant deadline) {
    for (int i = 0; i < events; i++) {
      send(deadline);
    }
    settle();
  }

  /**
   * Sends at an even rate and waits until all of it is in Kafka.
   *
   * @param deadline of every event
   */
  void send(double perSecond, Duration duration, @Nullable Instant deadline)
      throws InterruptedException {
    long start = System.nanoTime();
    int first = next;
    for (long now = start; now - start < duration.toNanos(); now = System.nanoTime()) {
      while (next - first < perSecond * (now - start) / 1e9) {
        send(deadline);
      }
      Thread.sleep(TICK_MILLIS);
    }
    settle();
  }

  /** Events that Kafka has. */
  int sent() {
    return acknowledged.get();
  }

  @Override
  public void close() {
    producer.close(Duration.ZERO);
  }

  private void send(@Nullable Instant deadline) {
    var unused =
        producer.send(
            ImageRecords.toProducerRecord(pictures.event(next++, deadline), topic),
            (metadata, error) -> {
              if (error == null) {
                acknowledged.incrementAndGet();
              } else {
                failure.compareAndSet(null, error);
              }
            });
  }

  private void settle() {
    producer.flush();
    Exception failed = failure.get();
    if (failed != null) {
      throw new IllegalStateException("feed: " + failed.getMessage(), failed);
    }
  }
}
