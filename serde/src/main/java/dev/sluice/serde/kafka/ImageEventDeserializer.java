package dev.sluice.serde.kafka;

import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.ImageRequest;
import dev.sluice.serde.Picture;
import dev.sluice.serde.RecordOrigin;
import dev.sluice.serde.flink.RecordTypes;
import dev.sluice.serde.json.IsoTimes;
import dev.sluice.serde.json.JsonRecords;
import dev.sluice.serde.json.RecordFormatException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * From a Kafka record to an image event: CloudEvents in binary mode, or JSON. Stateless, used by
 * the source's task thread.
 *
 * <p>A record that does not keep to the contract becomes an event with a {@link
 * ImageEvent#defect()}, so that it ends among the rejections with its topic, partition and offset,
 * and never stops the stream. No payload is logged.
 */
@PublicEvolving
public final class ImageEventDeserializer implements KafkaRecordDeserializationSchema<ImageEvent> {
  private static final long serialVersionUID = 1L;

  private static final byte[] NO_BYTES = {};

  @Override
  public void deserialize(
      ConsumerRecord<byte[], byte[]> consumerRecord, Collector<ImageEvent> collector) {
    collector.collect(read(consumerRecord));
  }

  @Override
  public TypeInformation<ImageEvent> getProducedType() {
    return RecordTypes.IMAGE_EVENT;
  }

  /** The event of one record, defective or not. */
  public ImageEvent read(ConsumerRecord<byte[], byte[]> consumerRecord) {
    Map<String, String> headers = CloudEventHeaders.read(consumerRecord.headers());
    RecordOrigin origin = RecordOrigins.of(consumerRecord, headers);
    Instant recordTime = Instant.ofEpochMilli(Math.max(0, consumerRecord.timestamp()));
    byte[] value = consumerRecord.value();
    try {
      ImageEvent event =
          isJson(headers, value)
              ? JsonRecords.imageEvent(value == null ? NO_BYTES : value, recordTime)
              : BinaryCloudEvent.read(headers, value, recordTime);
      EventTexts.check(event);
      return new ImageEvent(
          event.identity(), event.picture(), event.request(), origin, event.traceparent(), null);
    } catch (RecordFormatException e) {
      return defective(headers, value, new At(origin, recordTime), e);
    }
  }

  private static boolean isJson(Map<String, String> headers, byte @Nullable [] value) {
    String contentType = headers.get(CloudEventHeaders.CONTENT_TYPE);
    if (contentType != null) {
      return contentType.toLowerCase(Locale.ROOT).startsWith(CloudEventHeaders.JSON);
    }
    return !headers.containsKey(CloudEventHeaders.SPEC_VERSION)
        && value != null
        && value.length > 0
        && value[0] == '{';
  }

  private static ImageEvent defective(
      Map<String, String> headers, byte @Nullable [] value, At at, RecordFormatException defect) {
    int found = value == null ? 0 : value.length;
    return new ImageEvent(
        new EventIdentity(idOf(headers, value, at.origin()), null, null, 0, timeOf(headers, at)),
        Picture.ofBytes(NO_BYTES, null),
        ImageRequest.NONE,
        at.origin(),
        null,
        "record %s (%d bytes): %s".formatted(at.origin(), found, defect.getMessage()));
  }

  private static String idOf(
      Map<String, String> headers, byte @Nullable [] value, RecordOrigin origin) {
    String id = headers.get(CloudEventHeaders.ID);
    if (id == null && value != null && isJson(headers, value)) {
      id = JsonRecords.peekEventId(value).orElse(null);
    }
    return id == null || id.isBlank() || id.length() > RecordOrigins.MAX_ID_LENGTH
        ? origin.toString()
        : id;
  }

  private static Instant timeOf(Map<String, String> headers, At at) {
    String time = headers.get(CloudEventHeaders.TIME);
    try {
      return time == null ? at.recordTime() : IsoTimes.parse(time);
    } catch (DateTimeException e) {
      return at.recordTime();
    }
  }

  /** Where and when a record lay in Kafka. */
  private record At(RecordOrigin origin, Instant recordTime) {}
}
