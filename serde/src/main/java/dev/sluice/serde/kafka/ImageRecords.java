package dev.sluice.serde.kafka;

import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.json.JsonRecords;
import java.nio.charset.StandardCharsets;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Image events as records for a producer. Stateless, thus thread-safe. */
@PublicEvolving
public final class ImageRecords {
  /** What {@code ce_source} says where a producer names no other. */
  public static final String DEFAULT_SOURCE = "sluice";

  private ImageRecords() {}

  /** CloudEvents, binary mode: the value is the encoded picture, empty for a claim check. */
  public static ProducerRecord<byte[], byte[]> toProducerRecord(ImageEvent event, String topic) {
    ProducerRecord<byte[], byte[]> to = newRecord(event, topic, event.picture().bytes());
    CloudEventHeaders.put(to.headers(), CloudEventHeaders.SOURCE, DEFAULT_SOURCE);
    BinaryCloudEvent.write(event, to.headers());
    return to;
  }

  /** JSON, with the picture in base64. */
  public static ProducerRecord<byte[], byte[]> toJsonRecord(ImageEvent event, String topic) {
    ProducerRecord<byte[], byte[]> to = newRecord(event, topic, JsonRecords.toBytes(event));
    CloudEventHeaders.put(to.headers(), CloudEventHeaders.CONTENT_TYPE, CloudEventHeaders.JSON);
    return to;
  }

  private static ProducerRecord<byte[], byte[]> newRecord(
      ImageEvent event, String topic, byte @Nullable [] value) {
    return new ProducerRecord<>(
        topic,
        null,
        event.identity().eventTime().toEpochMilli(),
        event.eventId().getBytes(StandardCharsets.UTF_8),
        value);
  }
}
