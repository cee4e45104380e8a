package dev.sluice.serde.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sluice.serde.Caption;
import dev.sluice.serde.Description;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.PolicyStatus;
import dev.sluice.serde.RecordArbitraries;
import dev.sluice.serde.Rejection;
import dev.sluice.serde.Samples;
import dev.sluice.serde.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class JsonRecordsTest {
  private static final Path CONTRACT = Path.of("../docs/records.md");

  @Property(tries = 200)
  void caption_roundTrips(@ForAll("captions") Caption caption) throws Exception {
    assertThat(JsonRecords.caption(JsonRecords.toBytes(caption))).isEqualTo(caption);
  }

  @Property(tries = 200)
  void verdict_roundTrips(@ForAll("verdicts") Verdict verdict) throws Exception {
    assertThat(JsonRecords.verdict(JsonRecords.toBytes(verdict))).isEqualTo(verdict);
  }

  @Property(tries = 200)
  void description_roundTrips(@ForAll("descriptions") Description description) throws Exception {
    assertThat(JsonRecords.description(JsonRecords.toBytes(description))).isEqualTo(description);
  }

  @Test
  void description_namesWhatIsAbsent() {
    Description bare =
        new Description(
            Samples.IDENTITY,
            Samples.DESCRIPTION.global(),
            Samples.DESCRIPTION.regions(),
            null,
            Samples.DESCRIPTION.parts().subList(0, 2));

    assertThat(JsonRecords.toLine(bare)).contains("\"absent\":[\"match\",\"merge\"]");
  }

  @Property(tries = 200)
  void rejection_roundTrips(@ForAll("rejections") Rejection rejection) throws Exception {
    assertThat(JsonRecords.rejection(JsonRecords.toBytes(rejection))).isEqualTo(rejection);
  }

  @Property(tries = 200)
  void event_roundTripsWithoutItsOrigin(@ForAll("events") ImageEvent event) throws Exception {
    ImageEvent bare =
        new ImageEvent(
            event.identity(), event.picture(), event.request(), null, event.traceparent(), null);

    assertThat(JsonRecords.imageEvent(JsonRecords.toBytes(event), Instant.EPOCH)).isEqualTo(bare);
  }

  @Property(tries = 300)
  void anyBytes_giveARecordOrOneSentence(@ForAll byte[] bytes) {
    Throwable thrown = catchThrowable(() -> JsonRecords.imageEvent(bytes, Instant.EPOCH));

    assertThat(thrown).isInstanceOf(RecordFormatException.class);
  }

  @Test
  void examplesOfTheContract_areWhatIsWritten() throws IOException {
    String contract = Files.readString(CONTRACT);

    assertThat(contract).contains(JsonRecords.toLine(Samples.CAPTION));
    assertThat(contract).contains(JsonRecords.toLine(Samples.CALIBRATED_VERDICT));
    assertThat(contract).contains(JsonRecords.toLine(Samples.DESCRIPTION));
    assertThat(contract).contains(JsonRecords.toLine(Samples.REJECTION));
    assertThat(contract).contains(utf8(JsonRecords.toBytes(Samples.POLICY_STATUS)));
    assertThat(contract).contains(utf8(JsonRecords.toBytes(Samples.EVENT)));
  }

  @Test
  void policyStatus_roundTrips() throws Exception {
    PolicyStatus accepted =
        new PolicyStatus(Samples.ORIGIN, Samples.TIME, Samples.POLICY_STATUS.change(), null);
    PolicyStatus unreadable =
        new PolicyStatus(Samples.ORIGIN, Samples.TIME, null, "not a JSON object");

    for (PolicyStatus status : List.of(Samples.POLICY_STATUS, accepted, unreadable)) {
      assertThat(JsonRecords.policyStatus(JsonRecords.toBytes(status))).isEqualTo(status);
    }
  }

  @Test
  void unknownField_isIgnored() throws Exception {
    byte[] json = utf8("{\"eventId\":\"a\",\"uri\":\"file:/a\",\"invented\":{\"deep\":[1]}}");

    ImageEvent event = JsonRecords.imageEvent(json, Instant.EPOCH);

    assertThat(event.eventId()).isEqualTo("a");
    assertThat(event.identity().eventTime()).isEqualTo(Instant.EPOCH);
  }

  @Test
  void wrongType_isNamedWithItsPath() {
    String json = JsonRecords.toLine(Samples.CAPTION).replace("\"width\":4", "\"width\":\"wide\"");

    assertThatThrownBy(() -> JsonRecords.caption(utf8(json)))
        .hasMessage("field 'slicePlan.width': expected a whole number of 64 bits, found string");
  }

  @Test
  void missingField_isNamed() {
    assertThatThrownBy(() -> JsonRecords.imageEvent(utf8("{\"uri\":\"x\"}"), Instant.EPOCH))
        .hasMessage("field 'eventId': expected a string, found nothing");
  }

  @Test
  void newerSchema_isRefused() {
    assertThatThrownBy(() -> JsonRecords.imageEvent(utf8("{\"schemaVersion\":9}"), Instant.EPOCH))
        .hasMessage("field 'schemaVersion': expected between 1 and 1, found 9");
  }

  @Test
  void deepNesting_isRefusedWithoutThePayload() {
    byte[] json = utf8("{\"secret\":" + "[".repeat(5000) + "]".repeat(5000) + "}");

    assertThatThrownBy(() -> JsonRecords.imageEvent(json, Instant.EPOCH))
        .isInstanceOf(RecordFormatException.class)
        .hasMessageNotContaining("secret");
  }

  @Test
  void bytesAndUriTogether_areRefused() {
    byte[] json = utf8("{\"eventId\":\"a\",\"bytes\":\"AAAA\",\"uri\":\"file:/a\"}");

    assertThatThrownBy(() -> JsonRecords.imageEvent(json, Instant.EPOCH))
        .hasMessage("field 'bytes': expected either 'bytes' or 'uri', found both");
  }

  @Provide
  Arbitrary<Caption> captions() {
    return RecordArbitraries.captions();
  }

  @Provide
  Arbitrary<Verdict> verdicts() {
    return RecordArbitraries.verdicts();
  }

  @Provide
  Arbitrary<Description> descriptions() {
    return RecordArbitraries.descriptions();
  }

  @Provide
  Arbitrary<Rejection> rejections() {
    return RecordArbitraries.rejections();
  }

  @Provide
  Arbitrary<ImageEvent> events() {
    return RecordArbitraries.events();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
