package dev.sluice.operators.poison;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.operators.FakeModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A picture ends the process that reads it; the stream starts again until it is through. */
class PoisonITCase {
  private static final int MOST_RUNS = 5;
  private static final int PATIENCE_MINUTES = 2;

  @TempDir private Path folder;

  @Test
  void secondDeath_condemnsThePicture_andNoneOfItsNeighbours() throws Exception {
    Path results = folder.resolve("results");
    Path journals = folder.resolve("journals");
    int deaths = 0;
    for (int i = 0; i < MOST_RUNS && !Files.exists(results); i++) {
      deaths += run(journals, results) == 0 ? 0 : 1;
    }

    assertThat(deaths).isEqualTo(2);
    List<String> expected =
        new ArrayList<>(PoisonedStream.words().map(word -> "caption: describe: " + word).toList());
    expected.remove("caption: describe: " + FakeModel.Words.POISON);
    expected.add("rejection: POISON at SLICE");
    assertThat(Files.readAllLines(results)).containsExactlyInAnyOrderElementsOf(expected);
    try (Stream<Path> left = Files.list(journals)) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("deaths.txt", "lock");
    }
    assertThat(Files.readString(journals.resolve("deaths.txt")).lines().skip(1))
        .as("all neighbours are cleared")
        .hasSize(1);
  }

  private int run(Path journals, Path results) throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=" + folder.resolve("crash-%p.log"),
                "--add-opens=java.base/java.util=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-opens=java.base/java.time=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                PoisonedStream.class.getName(),
                journals.toString(),
                results.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("child.log").toFile())
            .start();
    try {
      assertThat(child.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES))
          .as("the child ends; its log:%n%s", Files.readString(folder.resolve("child.log")))
          .isTrue();
      return child.exitValue();
    } finally {
      child.destroyForcibly();
    }
  }
}
