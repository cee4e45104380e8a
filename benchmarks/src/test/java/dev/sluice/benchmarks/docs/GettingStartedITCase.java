package dev.sluice.benchmarks.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of docs/getting-started.md, one after the other in one shell, with a tiny checkpoint
 * in the published layout and fewer drawn pictures.
 */
class GettingStartedITCase {
  private static final String PAGE = "docs/getting-started.md";
  private static final Path GOLDENS =
      DocumentedCommands.ROOT.resolve("models/src/test/resources/goldens");
  private static final JsonMapper JSON = new JsonMapper();
  private static final String END_OF_BLOCK = "-- end of block --";
  private static final int DRAWN = 6;

  @TempDir private Path folder;

  @Test
  void commands_leadToAStreamOfOnesOwnCheckpoint() throws Exception {
    Path pictures = Files.createDirectory(folder.resolve("pictures"));
    List<String> names = List.of("chelsea_451x300.jpg", "rocket_150x320.png");
    for (String name : names) {
      Files.copy(GOLDENS.resolve("pictures").resolve(name), pictures.resolve(name));
    }
    Files.createSymbolicLink(folder.resolve("sluice"), DocumentedCommands.ROOT.resolve("sluice"));
    String commands =
        String.join(
                "echo '" + END_OF_BLOCK + "'\n",
                DocumentedCommands.of(PAGE, GettingStartedITCase.class))
            .replace("--images 24", "--images " + DRAWN)
            .replace("/models/llava-1.5-7b-hf", GOLDENS.resolve("llava/ckpt").toString())
            .replace("/data/pictures", pictures.toString());

    List<String> outputs =
        Pattern.compile(END_OF_BLOCK)
            .splitAsStream(new Shell(folder, Map.of()).run(commands))
            .toList();

    assertThat(outputs).hasSize(4);
    assertBalance(outputs.get(0), DRAWN);
    assertThat(outputs.get(1)).contains("\"family\" : \"llava\"").contains("\"finishReason\":");
    assertThat(outputs.get(2)).contains("\"policyId\":\"weapons\"").contains("\"decision\":");
    assertBalance(outputs.get(3), names.size());
  }

  private static void assertBalance(String output, int pictures) throws Exception {
    List<String> lines = output.strip().lines().toList();
    JsonNode balance = JSON.readTree(lines.get(lines.size() - 1));
    for (String count : List.of("in", "captions", "verdicts")) {
      assertThat(balance.path(count).asInt()).as(count).isEqualTo(pictures);
    }
    assertThat(balance.path("twice").asInt()).isZero();
  }
}
