package dev.sluice.jobs.demo;

import dev.sluice.serde.kafka.ImageRecords;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Sends the demo's pictures from a thread of its own. Thread-safe. */
final class DemoProducer implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final int MAX_MESSAGE_BYTES = 32 << 20;
  private static final long BUFFER_BYTES = 64L << 20;

  private final String bootstrapServers;
  private final String topic;
  private final DemoPictures pictures;
  private final Ending ending;
  private final Thread thread = new Thread(this::run, "demo-producer");
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicInteger sent = new AtomicInteger();
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  DemoProducer(String bootstrapServers, String topic, DemoPictures pictures, Ending ending) {
    this.bootstrapServers = bootstrapServers;
    this.topic = topic;
    this.pictures = pictures;
    this.ending = ending;
    thread.setDaemon(true);
  }

  /** What follows when all pictures are sent. */
  enum Ending {
    STOP,
    /** One more now and then. */
    GO_ON
  }

  void start() {
    thread.start();
  }

  /** How many pictures Kafka has. */
  int sent() {
    return sent.get();
  }

  Optional<Exception> failure() {
    return Optional.ofNullable(failure.get());
  }

  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
  }

  private void run() {
    try (KafkaProducer<byte[], byte[]> producer = open()) {
      int number = 0;
      while (number < pictures.total() && closed.getCount() > 0) {
        send(producer, number++);
      }
      producer.flush();
      while (ending == Ending.GO_ON && !closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
        send(producer, number++);
        producer.flush();
      }
    } catch (InterruptedException | InterruptException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      failure.compareAndSet(null, e);
    }
  }

  private void send(KafkaProducer<byte[], byte[]> producer, int number) {
    // Its end is told to the callback.
    var unused =
        producer.send(
            ImageRecords.toProducerRecord(pictures.event(number), topic),
            (metadata, error) -> {
              if (error == null) {
                sent.incrementAndGet();
              } else {
                failure.compareAndSet(null, error);
              }
            });
  }

  private KafkaProducer<byte[], byte[]> open() {
    return new KafkaProducer<>(
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
            MAX_MESSAGE_BYTES,
            ProducerConfig.BUFFER_MEMORY_CONFIG,
            BUFFER_BYTES),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }
}
