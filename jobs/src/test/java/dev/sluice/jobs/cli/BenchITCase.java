package dev.sluice.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every scenario on the embedded model: what is counted, not how fast it was. */
class BenchITCase {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void bench_writesALineForEachScenarioAndBatch() throws Exception {
    CommandLineRun run =
        CommandLineRun.of(
            "bench", "--batch", "1,2", "--images", "2", "--repeats", "1", "--new-tokens", "4");

    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    List<JsonNode> lines = new ArrayList<>();
    for (String line : run.out()) {
      lines.add(JSON.readTree(line));
    }
    assertThat(lines)
        .extracting(line -> line.get("scenario").textValue() + line.path("batch").asText())
        .containsExactly(
            "gemm",
            "gemm",
            "gemm",
            "gemm",
            "slice1",
            "encode1",
            "decode1",
            "caption1",
            "encode2",
            "decode2",
            "caption2",
            "stream1",
            "stream2");
    assertThat(lines).allSatisfy(BenchITCase::allFiguresArePositive);
    JsonNode caption = lines.get(7);
    assertThat(caption.get("pictures").intValue()).isEqualTo(2);
    assertThat(caption.get("newTokens").doubleValue()).isBetween(1.0, 4.0);
    assertThat(caption.get("firstIds")).isEqualTo(lines.get(10).get("firstIds"));
  }

  private static void allFiguresArePositive(JsonNode line) {
    assertThat(line.properties())
        .allSatisfy(
            figure ->
                assertThat(!figure.getValue().isNumber() || figure.getValue().doubleValue() > 0)
                    .as(figure.toString())
                    .isTrue());
    assertThat(line.has("peakResidentMib")).isTrue();
  }

  @Test
  void folderWithFewerPicturesThanABatch_isBadUsage() {
    CommandLineRun run =
        CommandLineRun.of("bench", "encode", "--batch", "64", "--folder", "src/test/resources");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .singleElement()
        .asString()
        .contains("--folder: expected as many pictures as the largest batch, 64, found ");
  }
}
