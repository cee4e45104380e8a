package dev.sluice.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded model measured and calibrated on a few pictures. */
class EvaluateITCase {
  /** Enough that some are misread. */
  private static final int PICTURES = 12;

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void evaluate_writesFiguresReadingsAndAPageOfTheWorst(@TempDir Path folder) throws Exception {
    Path page = folder.resolve("worst.html");
    Path readings = folder.resolve("readings.jsonl");

    CommandLineRun run =
        CommandLineRun.of(
            "evaluate",
            "--pictures",
            String.valueOf(PICTURES),
            "--seed",
            "4",
            "--shifted",
            "--json",
            "--html",
            page.toString(),
            "--readings",
            readings.toString());

    assertThat(run.err()).isEmpty();
    JsonNode report = JSON.readTree(run.out().get(0));
    assertThat(report.get("stream").get("set").asText()).isEqualTo("SHIFTED");
    assertThat(report.get("captions").get("slots").doubleValue()).isBetween(0.3, 1.0);
    assertThat(report.get("verdicts").get("calibrationError").doubleValue()).isBetween(0.0, 1.0);
    List<String> lines = Files.readAllLines(readings);
    assertThat(lines).hasSize(PICTURES);
    assertThat(JSON.readTree(lines.get(PICTURES - 1)).get("picture").intValue())
        .isEqualTo(PICTURES - 1);
    assertThat(Files.readString(page))
        .contains("data:image/jpeg;base64,", "caption expected", "label found")
        .doesNotContain("src=\"http", "<script", "<link");
  }

  @Test
  void calibrate_writesAFileThatTheModelTakes(@TempDir Path folder) throws Exception {
    Path out = folder.resolve("calibration.json");

    CommandLineRun run =
        CommandLineRun.of(
            "calibrate",
            "--pictures",
            "20",
            "--seed",
            "4",
            "--fit-version",
            "t",
            "--out",
            out.toString());

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).hasSize(3);
    JsonNode fit = JSON.readTree(out.toFile()).get("questions").get("forbidden?");
    assertThat(fit.get("temperature").doubleValue()).isBetween(0.25, 20.0);
    assertThat(fit.get("biases").properties()).hasSize(4);
  }
}
