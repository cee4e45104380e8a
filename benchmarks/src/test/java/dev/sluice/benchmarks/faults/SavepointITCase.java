package dev.sluice.benchmarks.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.benchmarks.cluster.FlinkCluster;
import dev.sluice.jobs.demo.KafkaBroker;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A savepoint that an earlier version took in the middle is restored by this one. It stays for
 * good; {@code -Dsluice.savepoint.write=true} writes one of this version beside it.
 */
class SavepointITCase {
  private static final Path FIXTURE =
      Path.of("src", "test", "resources", "savepoints", "captioning-0.1");
  private static final String METADATA = "_metadata";
  private static final String PENDING = "pending.txt";
  private static final int EVENTS = 120;
  private static final Feed.Load LOAD = new Feed.Load(EVENTS, 1_000);

  /** All of a savepoint in one file, which names no other. */
  private static final Map<String, String> SETTINGS =
      Map.of("execution.checkpointing.data-inline-threshold", "1 mb");

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path folder;

  /** Offsets and the pictures in flight come from the savepoint: exactly the rest has results. */
  @Test
  void savepointOfAnEarlierVersion_isTakenUp() throws Exception {
    try (KafkaBroker broker = KafkaBroker.start(Files.createDirectory(folder.resolve("kafka")));
        FlinkCluster cluster = FlinkCluster.start(folder, 1, SETTINGS)) {
      broker.createTopics(Topics.all(), Topics.PARTITIONS);
      Path file = StreamJob.write(folder, broker.bootstrapServers());
      List<String> arguments = StreamJob.CAPTIONING.arguments(file);
      try (Feed feed = Feed.start(folder, broker.bootstrapServers(), LOAD);
          Audit audit = new Audit(broker.bootstrapServers())) {
        Awaitility.await("the feed").atMost(PATIENCE).until(() -> feed.sent() == EVENTS);
        if (Boolean.getBoolean("sluice.savepoint.write")) {
          write(cluster, arguments, audit);
          return;
        }
        List<Integer> pending =
            Files.readAllLines(FIXTURE.resolve(PENDING)).stream().map(Integer::valueOf).toList();
        String savepoint = FIXTURE.toAbsolutePath().toUri().toString();
        cluster.submit(List.of("-p", "2", "-s", savepoint), arguments);
        Awaitility.await("the rest")
            .atMost(PATIENCE)
            .until(() -> audit.found(Audit.Stream.CAPTIONS) >= pending.size());
        assertThat(found(audit)).containsExactlyElementsOf(pending);
        assertThat(audit.twice(Audit.Stream.CAPTIONS)).isEmpty();
      }
    }
  }

  private void write(FlinkCluster cluster, List<String> arguments, Audit audit) throws IOException {
    String job = cluster.submit(List.of("-p", "1"), arguments);
    Awaitility.await("some results")
        .atMost(PATIENCE)
        .until(() -> audit.found(Audit.Stream.CAPTIONS) >= EVENTS / 4);
    String savepoint = cluster.rest().stopWithSavepoint(job, folder.resolve("savepoints"));
    List<Integer> done = found(audit);
    Files.createDirectories(FIXTURE);
    Files.copy(
        Path.of(URI.create(savepoint)).resolve(METADATA),
        FIXTURE.resolve(METADATA),
        StandardCopyOption.REPLACE_EXISTING);
    Files.writeString(
        FIXTURE.resolve(PENDING),
        IntStream.range(0, EVENTS)
            .filter(number -> !done.contains(number))
            .mapToObj(String::valueOf)
            .collect(Collectors.joining("\n", "", "\n")));
  }

  private static List<Integer> found(Audit audit) {
    return IntStream.range(0, EVENTS)
        .filter(number -> audit.hasFound(Audit.Stream.CAPTIONS, number))
        .boxed()
        .toList();
  }
}
