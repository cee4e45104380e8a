package dev.sluice.jobs.stream;

import dev.sluice.operators.policy.PolicyFeed;
import dev.sluice.operators.policy.PolicyRecord;
import dev.sluice.serde.RecordOrigin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Policies from a Kafka topic, which each reader reads whole, without a group. Immutable. */
public final class KafkaPolicyFeed implements PolicyFeed {
  private static final long serialVersionUID = 1L;

  private final KafkaOptions kafka;
  private final String topic;

  public KafkaPolicyFeed(KafkaOptions kafka, String topic) {
    this.kafka = kafka;
    this.topic = topic;
  }

  @Override
  public Reader open(Map<Integer, Long> nextOffsets) throws IOException {
    KafkaConsumer<byte[], byte[]> consumer = consumer();
    try {
      List<TopicPartition> partitions = partitions(consumer);
      consumer.assign(partitions);
      for (TopicPartition partition : partitions) {
        Long next = nextOffsets.get(partition.partition());
        if (next == null) {
          consumer.seekToBeginning(List.of(partition));
        } else {
          consumer.seek(partition, next);
        }
      }
      return new TopicReader(consumer, consumer.endOffsets(partitions));
    } catch (Throwable e) {
      consumer.close();
      throw e;
    }
  }

  private List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer)
      throws IOException {
    List<PartitionInfo> found = consumer.partitionsFor(topic);
    if (found == null || found.isEmpty()) {
      throw new IOException(
          "topic '%s': expected one with policies, found none; create it with one partition"
              .formatted(topic));
    }
    return found.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    Properties properties = kafka.clientProperties();
    properties.setProperty(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
    properties.setProperty(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.setProperty(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    properties.setProperty(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** One consumer's place. Owned by the thread that opened it. */
  private static final class TopicReader implements Reader {
    private static final Duration WAIT = Duration.ofSeconds(1);
    private static final byte[] NO_BYTES = {};

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Long> ends;

    TopicReader(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
      this.consumer = consumer;
      this.ends = Map.copyOf(ends);
    }

    @Override
    public List<PolicyRecord> poll() throws InterruptedException {
      List<PolicyRecord> records = new ArrayList<>();
      try {
        consumer.poll(WAIT).forEach(found -> records.add(policy(found)));
      } catch (InterruptException e) {
        throw new InterruptedException(e.getMessage());
      }
      return records;
    }

    @Override
    public boolean isCaughtUp() {
      return ends.entrySet().stream()
          .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    @Override
    public void close() {
      // An interrupted thread could not even say goodbye to the broker.
      boolean interrupted = Thread.interrupted();
      consumer.close();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    private static PolicyRecord policy(ConsumerRecord<byte[], byte[]> found) {
      RecordOrigin origin =
          new RecordOrigin(
              found.topic(), found.partition(), found.offset(), text(found.key()), Map.of());
      byte[] json = found.value() == null ? NO_BYTES : found.value();
      return new PolicyRecord(origin, Instant.ofEpochMilli(Math.max(0, found.timestamp())), json);
    }

    private static @Nullable String text(byte @Nullable [] key) {
      return key == null ? null : new String(key, StandardCharsets.UTF_8);
    }
  }
}
