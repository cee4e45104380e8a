package dev.sluice.benchmarks.cluster;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The jars of a cluster as {@code mvn package} lays them out. Immutable.
 *
 * @param distribution holds the job jar, the {@code lib/} bundle and the configuration
 * @param flink the {@code lib} folder of a bare Flink
 */
public record FlinkJars(Path distribution, Path flink) {

  /**
   * Those of this build, named by the system properties {@code sluice.distribution} and {@code
   * sluice.flink.lib}.
   *
   * @throws IllegalStateException if they have not been packaged
   */
  public static FlinkJars ofThisBuild() {
    return new FlinkJars(
        folder("sluice.distribution", "deploy/target/sluice"),
        folder("sluice.flink.lib", "benchmarks/flink/target/lib"));
  }

  public Path jobJar() {
    return distribution.resolve("sluice-jobs.jar");
  }

  public List<Path> bundle() throws IOException {
    return jars(distribution.resolve("lib"));
  }

  /** As Flink's scripts build it: what lies in {@code lib/} first, Flink itself last. */
  String classPath() throws IOException {
    return Stream.of(bundle(), jars(flink))
        .flatMap(List::stream)
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static List<Path> jars(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
  }

  private static Path folder(String property, String fallback) {
    Path folder = Path.of(System.getProperty(property, fallback)).toAbsolutePath().normalize();
    if (!Files.isDirectory(folder)) {
      throw new IllegalStateException(
          "%s: expected a folder, found none at %s; mvn -DskipTests package makes it"
              .formatted(property, folder));
    }
    return folder;
  }
}
