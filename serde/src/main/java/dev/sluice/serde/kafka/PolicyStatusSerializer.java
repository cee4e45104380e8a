package dev.sluice.serde.kafka;

import dev.sluice.serde.PolicyStatus;
import dev.sluice.serde.json.JsonRecords;
import java.nio.charset.StandardCharsets;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Writes what became of policies to a topic: the policy's id as key, or where its record lies; JSON
 * as value. Immutable.
 */
@PublicEvolving
public final class PolicyStatusSerializer implements KafkaRecordSerializationSchema<PolicyStatus> {
  private static final long serialVersionUID = 1L;

  private static final String TYPE = "dev.sluice.policy-status.v1";

  private final String topic;

  public PolicyStatusSerializer(String topic) {
    this.topic = topic;
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      PolicyStatus status, KafkaSinkContext context, @Nullable Long timestamp) {
    String origin = status.origin().toString();
    PolicyStatus.Change change = status.change();
    String key = change == null ? origin : change.policyId();
    ProducerRecord<byte[], byte[]> to =
        new ProducerRecord<>(
            topic, key.getBytes(StandardCharsets.UTF_8), JsonRecords.toBytes(status));
    CloudEventHeaders.put(to.headers(), CloudEventHeaders.SPEC_VERSION, "1.0");
    CloudEventHeaders.put(to.headers(), CloudEventHeaders.ID, origin);
    CloudEventHeaders.put(to.headers(), CloudEventHeaders.SOURCE, ImageRecords.DEFAULT_SOURCE);
    CloudEventHeaders.put(to.headers(), CloudEventHeaders.TYPE, TYPE);
    CloudEventHeaders.put(to.headers(), CloudEventHeaders.SUBJECT, key);
    CloudEventHeaders.put(to.headers(), CloudEventHeaders.TIME, status.time().toString());
    CloudEventHeaders.put(to.headers(), CloudEventHeaders.CONTENT_TYPE, CloudEventHeaders.JSON);
    return to;
  }
}
