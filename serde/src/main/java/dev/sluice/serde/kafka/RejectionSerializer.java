package dev.sluice.serde.kafka;

import dev.sluice.serde.Rejection;
import dev.sluice.serde.json.JsonRecords;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Writes rejections to a topic: the event's id as key, JSON as value. Immutable. */
@PublicEvolving
public final class RejectionSerializer implements KafkaRecordSerializationSchema<Rejection> {
  private static final long serialVersionUID = 1L;

  private static final String TYPE = "dev.sluice.rejection.v1";

  private final String topic;

  public RejectionSerializer(String topic) {
    this.topic = topic;
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      Rejection rejection, KafkaSinkContext context, @Nullable Long timestamp) {
    return ResultRecords.of(
        new ResultRecords.Target(topic, TYPE, rejection.identity().eventId()),
        rejection.identity(),
        JsonRecords.toBytes(rejection));
  }
}
