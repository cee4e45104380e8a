package dev.sluice.serde.kafka;

import dev.sluice.serde.Verdict;
import dev.sluice.serde.json.JsonRecords;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Writes verdicts to a topic: the event's id as key, JSON as value. Immutable. */
@PublicEvolving
public final class VerdictSerializer implements KafkaRecordSerializationSchema<Verdict> {
  private static final long serialVersionUID = 1L;

  private static final String TYPE = "dev.sluice.verdict.v1";

  private final String topic;

  public VerdictSerializer(String topic) {
    this.topic = topic;
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      Verdict verdict, KafkaSinkContext context, @Nullable Long timestamp) {
    return ResultRecords.of(
        new ResultRecords.Target(topic, TYPE, verdict.verdictId()),
        verdict.identity(),
        JsonRecords.toBytes(verdict));
  }
}
