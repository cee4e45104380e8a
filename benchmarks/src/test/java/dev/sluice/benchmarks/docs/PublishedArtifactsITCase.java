package dev.sluice.benchmarks.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The project in benchmarks/consumer knows Sluice by its artifacts alone: they are laid out as a
 * repository has them, beside all else that this build has fetched, and nothing is installed.
 */
class PublishedArtifactsITCase {
  private static final Path ROOT = DocumentedCommands.ROOT;
  private static final String VERSION = System.getProperty("sluice.version");
  private static final Path FETCHED = Path.of(System.getProperty("localRepository"));
  private static final Path GOLDENS = ROOT.resolve("models/src/test/resources/goldens");

  @TempDir private Path folder;

  @Test
  void projectOfItsOwn_buildsAndCaptions() throws Exception {
    Path repository = Files.createDirectory(folder.resolve("repository"));
    linkAllBut("dev", FETCHED, repository);
    Path dev = Files.createDirectory(repository.resolve("dev"));
    linkAllBut("sluice", FETCHED.resolve("dev"), dev);
    Path sluice = Files.createDirectory(dev.resolve("sluice"));
    publish(sluice, "sluice", ROOT);
    for (String module : List.of("models", "serde", "operators")) {
      publish(sluice, "sluice-" + module, ROOT.resolve(module));
    }

    String output =
        new Shell(folder, Map.of("REPOSITORY", repository.toString()))
            .run(
                """
                cp -r '%s' project && cd project
                mvn -o -B -q -Dmaven.repo.local="$REPOSITORY" \\
                  -Dsluice.version=%s -Dmdep.outputFile=classpath \\
                  org.apache.maven.plugins:maven-compiler-plugin:3.14.1:compile \\
                  org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath
                java -Xmx512m -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 -Dai.djl.offline=true \\
                  --add-opens=java.base/java.util=ALL-UNNAMED \\
                  -cp "target/classes:$(cat classpath)" com.example.CaptionPictures \\
                  '%s' '%s' '%s'
                """
                    .formatted(
                        ROOT.resolve("benchmarks/consumer"),
                        VERSION,
                        GOLDENS.resolve("llava/ckpt"),
                        GOLDENS.resolve("pictures/chelsea_451x300.jpg"),
                        ROOT.resolve("LICENSE")));

    assertThat(output.lines().filter(line -> line.matches("(caption|rejected) .*")))
        .satisfiesExactlyInAnyOrder(
            line -> assertThat(line).matches("caption of \\d+ tokens by llava"),
            line -> assertThat(line).isEqualTo("rejected UNREADABLE_IMAGE"));
  }

  private static void linkAllBut(String name, Path from, Path to) throws IOException {
    try (Stream<Path> entries = Files.list(from)) {
      for (Path entry : entries.toList()) {
        if (!entry.getFileName().toString().equals(name)) {
          Files.createSymbolicLink(to.resolve(entry.getFileName()), entry);
        }
      }
    }
  }

  private static void publish(Path group, String artifact, Path module) throws IOException {
    Path folder = Files.createDirectories(group.resolve(artifact).resolve(VERSION));
    String file = artifact + "-" + VERSION;
    Files.copy(module.resolve("pom.xml"), folder.resolve(file + ".pom"));
    Path jar = module.resolve("target").resolve(file + ".jar");
    if (Files.exists(jar)) {
      Files.copy(jar, folder.resolve(file + ".jar"));
    }
  }
}
