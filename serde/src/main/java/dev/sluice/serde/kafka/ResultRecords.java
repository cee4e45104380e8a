package dev.sluice.serde.kafka;

import dev.sluice.serde.EventIdentity;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Results as JSON records under their event's id, with CloudEvents headers. Thread-safe. */
final class ResultRecords {
  /**
   * When it is written. The event's time is a stranger's word: brokers refuse records from the
   * future and delete old ones. It is in {@code ce_time}.
   */
  private static final @Nullable Long NOW = null;

  private ResultRecords() {}

  static ProducerRecord<byte[], byte[]> of(Target target, EventIdentity identity, byte[] json) {
    ProducerRecord<byte[], byte[]> to =
        new ProducerRecord<>(
            target.topic(), null, NOW, identity.eventId().getBytes(StandardCharsets.UTF_8), json);
    CloudEventHeaders.put(to.headers(), CloudEventHeaders.SPEC_VERSION, "1.0");
    CloudEventHeaders.put(to.headers(), CloudEventHeaders.ID, target.resultId());
    CloudEventHeaders.put(to.headers(), CloudEventHeaders.SOURCE, ImageRecords.DEFAULT_SOURCE);
    CloudEventHeaders.put(to.headers(), CloudEventHeaders.TYPE, target.type());
    CloudEventHeaders.put(to.headers(), CloudEventHeaders.SUBJECT, identity.eventId());
    CloudEventHeaders.put(to.headers(), CloudEventHeaders.TIME, identity.eventTime().toString());
    CloudEventHeaders.put(to.headers(), CloudEventHeaders.CONTENT_TYPE, CloudEventHeaders.JSON);
    return to;
  }

  /**
   * Where a result goes and what it is called there.
   *
   * @param resultId unique among the results of its type
   */
  record Target(String topic, String type, String resultId) {}
}
