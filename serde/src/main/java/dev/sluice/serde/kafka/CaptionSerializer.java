package dev.sluice.serde.kafka;

import dev.sluice.serde.Caption;
import dev.sluice.serde.json.JsonRecords;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Writes captions to a topic: the event's id as key, JSON as value. Immutable. */
@PublicEvolving
public final class CaptionSerializer implements KafkaRecordSerializationSchema<Caption> {
  private static final long serialVersionUID = 1L;

  private static final String TYPE = "dev.sluice.caption.v1";

  private final String topic;

  public CaptionSerializer(String topic) {
    this.topic = topic;
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      Caption caption, KafkaSinkContext context, @Nullable Long timestamp) {
    return ResultRecords.of(
        new ResultRecords.Target(topic, TYPE, caption.identity().eventId()),
        caption.identity(),
        JsonRecords.toBytes(caption));
  }
}
