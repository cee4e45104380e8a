package dev.sluice.serde.kafka;

import dev.sluice.serde.Description;
import dev.sluice.serde.json.JsonRecords;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Writes descriptions to a topic: the event's id as key, JSON as value. Immutable. */
@PublicEvolving
public final class DescriptionSerializer implements KafkaRecordSerializationSchema<Description> {
  private static final long serialVersionUID = 1L;

  private static final String TYPE = "dev.sluice.description.v1";

  private final String topic;

  public DescriptionSerializer(String topic) {
    this.topic = topic;
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      Description description, KafkaSinkContext context, @Nullable Long timestamp) {
    return ResultRecords.of(
        new ResultRecords.Target(topic, TYPE, description.identity().eventId()),
        description.identity(),
        JsonRecords.toBytes(description));
  }
}
