package dev.sluice.benchmarks.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.benchmarks.cluster.FlinkCluster;
import dev.sluice.jobs.demo.KafkaBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A job is stopped with a savepoint in the middle and goes on with another parallelism. */
class RescalingITCase {
  private static final int EVENTS = 400;

  /** So slow that more events always follow, however fast the machine. */
  private static final Feed.Load LOAD = new Feed.Load(EVENTS, 20);

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path folder;

  @Test
  void changedParallelism_losesNothingAndRepeatsNothing() throws Exception {
    try (KafkaBroker broker = KafkaBroker.start(Files.createDirectory(folder.resolve("kafka")));
        FlinkCluster cluster = FlinkCluster.start(folder, 1, Map.of())) {
      broker.createTopics(Topics.all(), Topics.PARTITIONS);
      List<String> arguments =
          StreamJob.CAPTIONING.arguments(StreamJob.write(folder, broker.bootstrapServers()));
      String job = cluster.submit(List.of("-p", "1"), arguments);
      try (Feed feed = Feed.start(folder, broker.bootstrapServers(), LOAD);
          Audit audit = new Audit(broker.bootstrapServers())) {
        awaitFound(audit, EVENTS / 20);
        String first = cluster.rest().stopWithSavepoint(job, folder.resolve("savepoints"));
        assertThat(audit.found(Audit.Stream.CAPTIONS)).isLessThan(EVENTS);

        job = cluster.submit(List.of("-p", "4", "-s", first), arguments);
        awaitFound(audit, EVENTS / 2);
        String second = cluster.rest().stopWithSavepoint(job, folder.resolve("savepoints"));

        cluster.submit(List.of("-p", "2", "-s", second), arguments);
        awaitFound(audit, EVENTS);
        assertThat(feed.sent()).isEqualTo(EVENTS);
        assertThat(audit.twice(Audit.Stream.CAPTIONS)).isEmpty();
      }
    }
  }

  private static void awaitFound(Audit audit, int events) {
    Awaitility.await(events + " results")
        .atMost(PATIENCE)
        .until(() -> audit.found(Audit.Stream.CAPTIONS) >= events);
  }
}
