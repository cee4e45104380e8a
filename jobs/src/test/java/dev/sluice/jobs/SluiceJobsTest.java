package dev.sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.jobs.embedded.EmbeddedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.client.program.ProgramParametrizationException;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SluiceJobsTest {

  @Test
  void wrongOptions_areAllNamedAtOnce() {
    assertThatThrownBy(
            () ->
                SluiceJobs.main(
                    new String[] {
                      "moderation",
                      "surplus",
                      "--modle=/models/a",
                      "--capacity=many",
                      "--dtype=complex",
                      "--encode.max-tiles=0",
                      "--decode.top-p=7",
                      "--output-order=SIDEWAYS",
                      "--encode.linger=soon",
                      "--image.max-bytes=large",
                      "--moderation.policy=no/where.json"
                    }))
        .isInstanceOf(ProgramParametrizationException.class)
        .message()
        .hasLineCount(12)
        .contains(
            "argument 'surplus': expected --config FILE, -Dkey=value or --key value",
            "sluice.modle: not an option; docs/configuration.md lists them",
            "sluice.model: must be given, found nothing",
            "sluice.kafka.bootstrap-servers: must be given, found nothing",
            "sluice.capacity: expected a whole number, found 'many'",
            "dtype: expected float32, float16 or bfloat16, found 'complex'",
            "sluice.encode.max-tiles: expected at least 1, found 0",
            "sluice.decode.top-p: expected more than 0, at most 1, found 7.0",
            "sluice.output-order: expected one of ORDERED, UNORDERED, found 'SIDEWAYS'",
            "sluice.encode.linger: expected a duration such as 5 s, found 'soon'",
            "sluice.image.max-bytes: expected a size such as 64 mb, found 'large'",
            "policy file no/where.json: there is none");
  }

  @Test
  void noJob_isSaid() {
    assertThatThrownBy(() -> SluiceJobs.main(new String[0]))
        .hasMessage("job: expected captioning, moderation or describe, found nothing");
  }

  @Test
  void optionsThatAreRightOnlyTogether_areRight() {
    assertThat(nodes("captioning", "--fetch.backoff=1 min", "--fetch.max-backoff=5 min"))
        .isNotEmpty();
  }

  @Test
  void secretsUnderUnknownNames_areNeverShown() {
    assertThatThrownBy(
            () -> SluiceJobs.environment(List.of("captioning", "--sasl.jaas.config", "hunter2")))
        .hasMessageContaining("sluice.sasl.jaas.config: not an option")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void unreadableProperties_areNeverShown() {
    assertThatThrownBy(
            () -> SluiceJobs.environment(List.of("captioning", "--kafka.properties=hunter2")))
        .hasMessageContaining("sluice.kafka.properties: expected a list such as name:value")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void everyOperatorOfCaptioning_hasANameAndAnUid() {
    assertThat(nodes("captioning"))
        .extracting(StreamNode::getOperatorName)
        .containsExactlyInAnyOrder(
            "Source: images",
            "slice",
            "encode",
            "caption",
            "captions: Writer",
            "captions: Committer",
            "rejected: Writer",
            "rejected: Committer");
  }

  @Test
  void everyOperatorOfModeration_hasANameAndAnUid(@TempDir Path folder) {
    Path policy = EmbeddedModel.writePolicy(folder.resolve("policy.json"));
    assertThat(nodes("moderation", "--moderation.policy=" + policy))
        .extracting(StreamNode::getOperatorName)
        .contains("Source: images", "slice", "encode", "judge", "verdicts: Writer");
  }

  @Test
  void everyOperatorOfDescribe_hasANameAndAnUid() {
    assertThat(nodes("describe", "--describe.caption-model=/models/a"))
        .extracting(StreamNode::getOperatorName)
        .contains("Source: images", "describe", "descriptions: Writer", "rejected: Writer");
  }

  @Test
  void describeWithoutItsModel_saysSoAndWhatElseIsWrong() {
    assertThatThrownBy(
            () ->
                SluiceJobs.environment(
                    List.of("describe", "--kafka.bootstrap-servers=broker:9092")))
        .hasMessage("sluice.describe.caption-model: must be given, found nothing");
    assertThatThrownBy(
            () ->
                nodes(
                    "describe",
                    "--describe.caption-model=/models/a",
                    "--describe.max-regions=0",
                    "--describe.match-threshold=2"))
        .hasMessageContaining("sluice.describe.max-regions: expected at least 1, found 0")
        .hasMessageContaining("sluice.describe.match-threshold: expected 0 to 1, found 2.0");
  }

  private static List<StreamNode> nodes(String job, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of(job, "--model=/models/a", "--kafka.bootstrap-servers=broker:9092"));
    arguments.addAll(List.of(more));
    List<StreamNode> nodes =
        List.copyOf(SluiceJobs.environment(arguments).getStreamGraph().getStreamNodes());
    assertThat(nodes)
        .allSatisfy(
            node -> assertThat(node.getTransformationUID()).as(node.toString()).isNotBlank());
    return nodes;
  }
}
