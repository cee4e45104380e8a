package dev.sluice.benchmarks.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** What {@code mvn package} lays out for a cluster. */
class DistributionITCase {
  private static final FlinkJars JARS = FlinkJars.ofThisBuild();

  @Test
  void jobJar_holdsTheJobsAndNothingElse() throws IOException {
    assertThat(files(JARS.jobJar()))
        .contains("dev/sluice/jobs/SluiceJobs.class", "META-INF/LICENSE", "META-INF/NOTICE")
        .allSatisfy(
            file ->
                assertThat(file)
                    .matches("META-INF/.*|dev/sluice/jobs/.*\\.class")
                    .doesNotMatch(".*/(cli|demo|embedded|scenes|files|local|watch)/.*"));
  }

  @Test
  void jobJar_lacksNoClassOfItsOwn() {
    StringWriter listing = new StringWriter();
    PrintWriter out = new PrintWriter(listing, true);
    ToolProvider.findFirst("jdeps")
        .orElseThrow()
        .run(out, out, "-verbose:class", "-filter:none", JARS.jobJar().toString());
    assertThat(listing.toString().lines().filter(line -> line.contains("-> dev.sluice.jobs.")))
        .isNotEmpty()
        .noneMatch(line -> line.endsWith("not found"));
  }

  @Test
  void jobJar_startsWithoutNamingItsClass() throws IOException {
    try (JarFile jar = new JarFile(JARS.jobJar().toFile())) {
      assertThat(jar.getManifest().getMainAttributes().getValue("Main-Class"))
          .isEqualTo("dev.sluice.jobs.SluiceJobs");
    }
  }

  @Test
  void bundle_holdsTheEngineWithItsNatives_andNotFlink() throws IOException {
    List<String> names = names();
    assertThat(names)
        .anyMatch(name -> name.startsWith("dev.sluice.sluice-models-"))
        .anyMatch(name -> name.startsWith("dev.sluice.sluice-serde-"))
        .anyMatch(name -> name.startsWith("dev.sluice.sluice-operators-"))
        .anyMatch(name -> name.matches("org\\.bytedeco\\.pytorch-.*-linux-x86_64(-gpu)?\\.jar"))
        .anyMatch(name -> name.startsWith("org.apache.flink.flink-connector-kafka-"))
        .noneMatch(name -> name.startsWith("org.apache.flink.flink-core"))
        .noneMatch(name -> name.startsWith("org.apache.flink.flink-runtime"))
        // Flink logs through SLF4J 1.7.
        .noneMatch(name -> name.startsWith("org.slf4j"));
  }

  @Test
  void ownJars_sayTheirLicence() throws IOException {
    for (Path jar : JARS.bundle()) {
      if (jar.getFileName().toString().startsWith("dev.sluice.")) {
        assertThat(files(jar)).as(jar.toString()).contains("META-INF/LICENSE", "META-INF/NOTICE");
      }
    }
  }

  @Test
  void everyJarOfOthers_isListedWithItsLicence() throws IOException {
    assertThat(JARS.distribution().resolve("LICENSE")).exists();
    assertThat(JARS.distribution().resolve("NOTICE")).exists();
    String list = Files.readString(JARS.distribution().resolve("THIRD-PARTY.md"));
    assertThat(names())
        .filteredOn(name -> !name.startsWith("dev.sluice."))
        .allSatisfy(
            name ->
                assertThat(list.lines().filter(line -> line.startsWith("| `")))
                    .as("a line of deploy/THIRD-PARTY.md whose group begins " + name)
                    .anyMatch(
                        line -> groups(line).anyMatch(group -> name.startsWith(group + "."))));
  }

  private static Stream<String> groups(String line) {
    return Pattern.compile("`([^`]+)`")
        .matcher(line.split("\\|", -1)[1])
        .results()
        .map(group -> group.group(1));
  }

  private static List<String> names() throws IOException {
    return JARS.bundle().stream().map(jar -> jar.getFileName().toString()).toList();
  }

  private static List<String> files(Path jar) throws IOException {
    try (JarFile opened = new JarFile(jar.toFile())) {
      return opened.stream().filter(entry -> !entry.isDirectory()).map(ZipEntry::getName).toList();
    }
  }
}
