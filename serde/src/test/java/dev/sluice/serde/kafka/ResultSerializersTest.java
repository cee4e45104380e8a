package dev.sluice.serde.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.serde.Samples;
import dev.sluice.serde.json.JsonRecords;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class ResultSerializersTest {

  @Test
  void caption_liesUnderItsEventsId() throws Exception {
    ProducerRecord<byte[], byte[]> produced =
        new CaptionSerializer("captions").serialize(Samples.CAPTION, null, null);

    assertThat(produced.topic()).isEqualTo("captions");
    assertThat(produced.key()).asString().isEqualTo("event-7f3a");
    assertThat(produced.timestamp()).as("a stranger's word").isNull();
    assertThat(header(produced, "ce_time")).isEqualTo(Samples.TIME.toString());
    assertThat(JsonRecords.caption(produced.value())).isEqualTo(Samples.CAPTION);
    assertThat(header(produced, "ce_type")).isEqualTo("dev.sluice.caption.v1");
    assertThat(header(produced, "content-type")).isEqualTo("application/json");
  }

  @Test
  void verdict_isCalledByItsOwnId() throws Exception {
    ProducerRecord<byte[], byte[]> produced =
        new VerdictSerializer("verdicts").serialize(Samples.VERDICT, null, null);

    assertThat(produced.key()).asString().isEqualTo("event-7f3a");
    assertThat(header(produced, "ce_id")).isEqualTo(Samples.VERDICT.verdictId());
    assertThat(JsonRecords.verdict(produced.value())).isEqualTo(Samples.VERDICT);
  }

  @Test
  void description_liesUnderItsEventsId() throws Exception {
    ProducerRecord<byte[], byte[]> produced =
        new DescriptionSerializer("descriptions").serialize(Samples.DESCRIPTION, null, null);

    assertThat(produced.topic()).isEqualTo("descriptions");
    assertThat(produced.key()).asString().isEqualTo("event-7f3a");
    assertThat(header(produced, "ce_type")).isEqualTo("dev.sluice.description.v1");
    assertThat(JsonRecords.description(produced.value())).isEqualTo(Samples.DESCRIPTION);
  }

  @Test
  void rejection_namesWhereItCameFrom() throws Exception {
    ProducerRecord<byte[], byte[]> produced =
        new RejectionSerializer("rejected").serialize(Samples.REJECTION, null, null);

    assertThat(JsonRecords.rejection(produced.value())).isEqualTo(Samples.REJECTION);
    assertThat(header(produced, "ce_subject")).isEqualTo("event-7f3a");
  }

  @Test
  void policyStatus_liesUnderItsPolicysId() throws Exception {
    ProducerRecord<byte[], byte[]> produced =
        new PolicyStatusSerializer("policy-status").serialize(Samples.POLICY_STATUS, null, null);

    assertThat(produced.key()).asString().isEqualTo("policy-1");
    assertThat(header(produced, "ce_id")).isEqualTo("policies-0@12");
    assertThat(header(produced, "ce_type")).isEqualTo("dev.sluice.policy-status.v1");
    assertThat(JsonRecords.policyStatus(produced.value())).isEqualTo(Samples.POLICY_STATUS);
  }

  private static String header(ProducerRecord<byte[], byte[]> produced, String name) {
    return new String(produced.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
