package dev.sluice.serde.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Picture;
import dev.sluice.serde.RecordArbitraries;
import dev.sluice.serde.Rejection;
import dev.sluice.serde.Samples;
import dev.sluice.serde.json.JsonRecords;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageEventDeserializerTest {
  private static final long RECORD_MILLIS = 1_700_000_000_123L;

  private final ImageEventDeserializer deserializer = new ImageEventDeserializer();

  @Test
  void binaryCloudEvent_keepsEveryField() {
    assertSameBut(read(ImageRecords.toProducerRecord(Samples.EVENT, "images")), Samples.EVENT);
  }

  @Test
  void json_keepsEveryField() {
    assertSameBut(read(ImageRecords.toJsonRecord(Samples.EVENT, "images")), Samples.EVENT);
  }

  @Property(tries = 200)
  void anyRecord_becomesAnEventWithItsOrigin(
      @ForAll byte[] value, @ForAll("names") String contentType, @ForAll("names") String time) {
    RecordHeaders headers = new RecordHeaders();
    CloudEventHeaders.put(headers, CloudEventHeaders.CONTENT_TYPE, contentType);
    CloudEventHeaders.put(headers, CloudEventHeaders.TIME, time);

    ImageEvent event = read(value, headers);

    assertThat(event.defect()).startsWith("record images-3@41 (" + value.length + " bytes): ");
    assertThat(event.origin()).isNotNull();
    assertThat(event.eventId()).isEqualTo("images-3@41");
  }

  @Provide
  Arbitrary<String> names() {
    return RecordArbitraries.rejections().map(rejection -> rejection.message());
  }

  @Test
  void claimCheck_hasNoBytes() {
    ImageEvent event =
        ImageEvent.of(
            EventIdentity.of("a", Samples.TIME),
            Picture.ofUri("file:/pictures/a.png", "ab".repeat(32), 17, "image/png"));

    assertSameBut(read(ImageRecords.toProducerRecord(event, "images")), event);
  }

  @Test
  void eventWithoutTime_hasTheTimeOfItsRecord() {
    RecordHeaders headers = new RecordHeaders();
    CloudEventHeaders.put(headers, CloudEventHeaders.SPEC_VERSION, "1.0");
    CloudEventHeaders.put(headers, CloudEventHeaders.ID, "a");

    ImageEvent event = read(new byte[] {1}, headers);

    assertThat(event.defect()).isNull();
    assertThat(event.identity().eventTime()).isEqualTo(Instant.ofEpochMilli(RECORD_MILLIS));
  }

  @Test
  void newerSchema_isADefectThatKeepsTheId() {
    RecordHeaders headers = new RecordHeaders();
    CloudEventHeaders.put(headers, CloudEventHeaders.SPEC_VERSION, "1.0");
    CloudEventHeaders.put(headers, CloudEventHeaders.ID, "a");
    CloudEventHeaders.put(headers, CloudEventHeaders.SCHEMA_VERSION, "2");

    ImageEvent event = read(new byte[] {1}, headers);

    assertThat(event.eventId()).isEqualTo("a");
    assertThat(event.defect())
        .isEqualTo(
            "record images-3@41 (1 bytes): header 'ce_schemaversion': expected between 1 and 1,"
                + " found 2");
  }

  @Test
  void defectiveJson_keepsItsIdWhereItCanBeRead() {
    byte[] json = "{\"eventId\":\"a\",\"imageIndex\":\"x\"}".getBytes(StandardCharsets.UTF_8);

    ImageEvent event = read(json, new RecordHeaders());

    assertThat(event.eventId()).isEqualTo("a");
    assertThat(event.defect()).contains("field 'imageIndex'");
  }

  @Test
  void tombstone_isADefect() {
    assertThat(read(null, new RecordHeaders()).defect())
        .isEqualTo(
            "record images-3@41 (0 bytes): header 'ce_specversion': expected a value, found"
                + " nothing");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "ce_time, +999999999-12-31T23:59:59Z, header 'ce_time': expected an ISO-8601 time",
        "ce_time, yesterday, header 'ce_time': expected an ISO-8601 time",
        "ce_deadline, -0001-01-01T00:00:00Z, header 'ce_deadline': expected an ISO-8601 time",
        "ce_priority, 99999999999, header 'ce_priority': expected a whole number",
        "ce_bytelength, 1e9, header 'ce_bytelength': expected a whole number",
        "ce_schemaversion, 0, header 'ce_schemaversion': expected between 1 and 1",
        "ce_specversion, 2.0, header 'ce_specversion': expected 1.x",
        "ce_context, [1], header 'ce_context': expected a JSON object of strings",
        "ce_sha256, abc, \"sha256: expected 64 hexadecimal digits, found 3 characters\"",
        "ce_id, \" \", \"event id: expected a name, found an empty one\""
      })
  void wrongHeader_isADefectThatNamesIt(String name, String value, String defect) {
    RecordHeaders headers = new RecordHeaders();
    CloudEventHeaders.put(headers, CloudEventHeaders.SPEC_VERSION, "1.0");
    CloudEventHeaders.put(headers, CloudEventHeaders.ID, "a");
    CloudEventHeaders.put(headers, name, value);

    ImageEvent event = read(new byte[] {1}, headers);

    assertThat(event.defect()).startsWith("record images-3@41 (1 bytes): ").contains(defect);
    assertThat(event.origin().topic()).isEqualTo("images");
    assertThat(event.origin().partition()).isEqualTo(3);
    assertThat(event.origin().offset()).isEqualTo(41);
  }

  @ParameterizedTest
  @CsvSource({
    "prompt, 16384, prompt",
    "policyId, 1024, policy id",
    "tenantId, 1024, tenant id",
    "contentId, 1024, content id",
    "uri, 4096, uri",
    "mediaType, 1024, media type",
    "traceparent, 1024, traceparent",
    "eventId, 1024, event id"
  })
  void textThatIsTooLong_isADefect(String field, int limit, String what) {
    String uri = field.equals("uri") ? "" : "\"uri\":\"file:/a.png\",";
    String id = field.equals("eventId") ? "" : "\"eventId\":\"a\",";
    String json = "{%s%s\"%s\":\"%s\"}".formatted(id, uri, field, "x".repeat(limit));
    String longer = json.replace("\"}", "x\"}");

    assertThat(read(json.getBytes(StandardCharsets.UTF_8), new RecordHeaders()).defect()).isNull();
    assertThat(read(longer.getBytes(StandardCharsets.UTF_8), new RecordHeaders()).defect())
        .endsWith("%s: expected at most %d characters, found %d".formatted(what, limit, limit + 1));
  }

  @Test
  void rejectionOfHalfACharacter_canBeWritten() throws Exception {
    RecordHeaders headers = new RecordHeaders();
    CloudEventHeaders.put(headers, "note", "x".repeat(2047) + "\ud83d\ude00");
    String json = "{\"eventId\":\"half \\ud83d\",\"imageIndex\":\"x\"}";
    ImageEvent event = read(json.getBytes(StandardCharsets.UTF_8), headers);

    byte[] written =
        JsonRecords.toBytes(
            Rejection.of(
                event,
                Rejection.Stage.READ,
                Rejection.Category.MALFORMED_RECORD,
                String.valueOf(event.defect())));

    assertThat(JsonRecords.rejection(written).identity().eventId()).isEqualTo("half ?");
  }

  @Test
  void secretHeader_isNotKept() {
    RecordHeaders headers = new RecordHeaders();
    CloudEventHeaders.put(headers, "Authorization", "Bearer abc");

    assertThat(read(new byte[] {1}, headers).origin().headers()).isEmpty();
  }

  @Test
  void signatureOfAUri_isNotKeptAmongTheHeaders() {
    RecordHeaders headers = new RecordHeaders();
    CloudEventHeaders.put(headers, CloudEventHeaders.SPEC_VERSION, "1.0");
    CloudEventHeaders.put(headers, CloudEventHeaders.ID, "a");
    CloudEventHeaders.put(headers, CloudEventHeaders.DATA_REF, "https://a.example/b.png?sig=abc");

    ImageEvent event = read(null, headers);

    assertThat(event.picture().uri()).isEqualTo("https://a.example/b.png?sig=abc");
    assertThat(event.origin().headers())
        .containsEntry(CloudEventHeaders.DATA_REF, "https://a.example/b.png?…");
  }

  private static void assertSameBut(ImageEvent read, ImageEvent expected) {
    assertThat(read.defect()).isNull();
    assertThat(read.identity()).isEqualTo(expected.identity());
    assertThat(read.picture()).isEqualTo(expected.picture());
    assertThat(read.request()).isEqualTo(expected.request());
    assertThat(read.traceparent()).isEqualTo(expected.traceparent());
    assertThat(read.origin().toString()).isEqualTo("images-3@41");
  }

  private ImageEvent read(ProducerRecord<byte[], byte[]> produced) {
    return read(produced.value(), produced.headers());
  }

  private ImageEvent read(byte[] value, Headers headers) {
    return deserializer.read(
        new ConsumerRecord<>(
            "images",
            3,
            41,
            RECORD_MILLIS,
            TimestampType.CREATE_TIME,
            -1,
            value == null ? 0 : value.length,
            null,
            value,
            headers,
            Optional.empty()));
  }
}
