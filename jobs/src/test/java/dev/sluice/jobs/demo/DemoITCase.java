package dev.sluice.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo of README.md, with fewer pictures. */
class DemoITCase {

  @Test
  void demo_answersEveryPictureAndRejectsTheBrokenOnes(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("text.jpg"), "not a picture");
    Files.createFile(folder.resolve("empty.png"));
    StringWriter out = new StringWriter();

    DemoRun.run(
        new DemoRun.Request(
            OptionalInt.of(12),
            Optional.of(folder),
            Optional.empty(),
            DemoRun.Ending.WITH_THE_LAST_RESULT),
        new PrintWriter(out),
        new PrintWriter(new StringWriter()));

    List<String> lines = out.toString().lines().toList();
    JsonNode summary = JsonMapper.builder().build().readTree(lines.get(lines.size() - 1));
    assertThat(summary.get("in").asInt()).isEqualTo(12);
    assertThat(summary.get("captions").asInt()).isEqualTo(10);
    assertThat(summary.get("verdicts").asInt()).isEqualTo(10);
    assertThat(summary.get("rejected").asInt()).isEqualTo(2);
    assertThat(summary.get("imagesPerSecond").asDouble()).isPositive();
    assertThat(lines).filteredOn(line -> line.contains("  caption   ")).hasSize(10);
    assertThat(lines).anyMatch(line -> line.contains("UNREADABLE_IMAGE: not an image (13 bytes)"));
  }
}
