package dev.sluice.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.jobs.scenes.ScenePicture;
import dev.sluice.jobs.scenes.StandardPictureEncoder;
import dev.sluice.serde.Caption;
import dev.sluice.serde.Verdict;
import dev.sluice.serde.json.JsonRecords;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files through the operators, on the embedded model. */
class PicturesITCase {
  @TempDir private Path folder;

  @BeforeEach
  void draw() throws Exception {
    for (int i = 0; i < 3; i++) {
      ScenePicture scene = ScenePicture.of(7, i, 320, 240, new StandardPictureEncoder());
      Files.write(folder.resolve("a" + i + ".png"), scene.file().bytes());
    }
    Files.writeString(folder.resolve("b.png"), "not a picture");
    Files.createFile(folder.resolve("c.png"));
  }

  @Test
  void caption_doesTheGoodInOrderAndNamesTheBad() throws Exception {
    CommandLineRun run = CommandLineRun.of("caption", folder.toString(), "no/where.png");

    assertThat(run.code()).isEqualTo(1);
    List<String> ids = new ArrayList<>();
    for (String line : run.out()) {
      Caption caption = JsonRecords.caption(line.getBytes(StandardCharsets.UTF_8));
      ids.add(Path.of(caption.identity().eventId()).getFileName().toString());
      assertThat(caption.provenance().model().family()).isEqualTo("llava-uhd");
    }
    assertThat(ids).containsExactly("a0.png", "a1.png", "a2.png");
    assertThat(run.err())
        .hasSize(3)
        .anyMatch(line -> line.contains("b.png") && line.contains("not an image"))
        .anyMatch(line -> line.contains("c.png"))
        .anyMatch(line -> line.contains("no/where.png"));
  }

  @Test
  void moderate_writesVerdictsToItsFile() throws Exception {
    Path out = folder.resolve("verdicts.jsonl");

    CommandLineRun run =
        CommandLineRun.of(
            "moderate",
            "--out",
            out.toString(),
            folder.resolve("a0.png").toString(),
            folder.resolve("a1.png").toString());

    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    assertThat(run.out()).isEmpty();
    List<String> lines = Files.readAllLines(out);
    assertThat(lines).hasSize(2);
    Verdict verdict = JsonRecords.verdict(lines.get(0).getBytes(StandardCharsets.UTF_8));
    assertThat(verdict.policyId()).isEqualTo("catalogue");
    assertThat(verdict.labels()).hasSize(3);
  }

  @Test
  void inspectWithTrace_writesEveryStage() {
    Path out = folder.resolve("trace.safetensors");

    CommandLineRun run =
        CommandLineRun.of(
            "inspect",
            "--image",
            folder.resolve("a0.png").toString(),
            "--max-new-tokens",
            "2",
            "--trace",
            out.toString());

    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    assertThat(out).content(StandardCharsets.ISO_8859_1).contains("logits_last", "generated_ids");
    assertThat(String.join("", run.out())).contains("\"family\" : \"llava-uhd\"", "\"text\"");
  }

  @Test
  void evaluate_measuresTheSameModelWithAndWithoutSlices() {
    CommandLineRun sliced =
        CommandLineRun.of("evaluate", "--pictures", "2", "--seed", "5", "--json");
    CommandLineRun overview =
        CommandLineRun.of(
            "evaluate", "--pictures", "2", "--seed", "5", "--json", "--overview-only");

    assertThat(sliced.err()).isEmpty();
    assertThat(sliced.out()).hasSize(1).first().asString().contains("\"pictures\":2", "\"slots\":");
    assertThat(overview.out()).hasSize(1).first().asString().contains("\"overviewOnly\":true");
  }
}
