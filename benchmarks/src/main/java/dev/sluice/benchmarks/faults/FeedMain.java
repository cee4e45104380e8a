package dev.sluice.benchmarks.faults;

import dev.sluice.serde.kafka.ImageRecords;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends events in transactions, from where the last committed one left off. Run by the main thread
 * of a child JVM, which ends with its standard input.
 */
final class FeedMain {
  private static final int BATCH = 20;
  private static final long MILLIS_PER_SECOND = 1000;

  private FeedMain() {}

  /**
   * @param args bootstrap servers, how many events in all, how many per second
   */
  public static void main(String[] args) throws Exception {
    endWithTheParent();
    String servers = args[0];
    int total = Integer.parseInt(args[1]);
    long pauseMillis = BATCH * MILLIS_PER_SECOND / Integer.parseInt(args[2]);
    Events events = new Events();
    try (KafkaProducer<byte[], byte[]> producer = producer(servers)) {
      // Ends what a predecessor left open, so that what is committed is final.
      producer.initTransactions();
      for (int next = committed(servers); next < total; next += BATCH) {
        producer.beginTransaction();
        for (int number = next; number < Math.min(total, next + BATCH); number++) {
          var unused =
              producer.send(ImageRecords.toProducerRecord(events.event(number), Topics.IMAGES));
        }
        producer.commitTransaction();
        Thread.sleep(pauseMillis);
      }
    }
  }

  /** How many events are committed. */
  static int committed(String servers) {
    AtomicInteger count = new AtomicInteger();
    try (var records = new CommittedRecords(servers, List.of(Topics.IMAGES), Topics.PARTITIONS)) {
      do {
        records.poll((topic, number) -> count.incrementAndGet());
      } while (!records.isAtEnd());
    }
    return count.get();
  }

  private static KafkaProducer<byte[], byte[]> producer(String servers) {
    return new KafkaProducer<>(
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            servers,
            ProducerConfig.TRANSACTIONAL_ID_CONFIG,
            "feed"),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private static void endWithTheParent() {
    Thread watch =
        new Thread(
            () -> {
              try {
                while (System.in.read() >= 0) {
                  // Only the end matters.
                }
              } catch (IOException e) {
                // As good as the end.
              }
              Runtime.getRuntime().halt(0);
            },
            "watch-parent");
    watch.setDaemon(true);
    watch.start();
  }
}
