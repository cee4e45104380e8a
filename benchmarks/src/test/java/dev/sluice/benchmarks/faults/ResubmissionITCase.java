package dev.sluice.benchmarks.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.benchmarks.cluster.FlinkCluster;
import dev.sluice.benchmarks.cluster.FlinkJars;
import dev.sluice.benchmarks.cluster.FlinkRest;
import dev.sluice.jobs.demo.KafkaBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Jobs come and go in one TaskManager; nothing of them stays. */
class ResubmissionITCase {
  private static final int SUBMISSIONS = 10;
  private static final int WARM_UP = 5;

  /** All of the heap is resident from the start: what grows is something else. */
  private static final Map<String, String> SETTINGS =
      Map.of("env.java.opts.taskmanager", "-XX:+AlwaysPreTouch");

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path folder;

  @Test
  void sameJarAgainAndAgain_leavesNothing_andTwoJobsShareOneDevice() throws Exception {
    try (KafkaBroker broker = KafkaBroker.start(Files.createDirectory(folder.resolve("kafka")));
        FlinkCluster cluster = FlinkCluster.start(folder, 1, SETTINGS)) {
      broker.createTopics(Topics.all(), Topics.PARTITIONS);
      Path file = StreamJob.write(folder, broker.bootstrapServers());
      String jar = cluster.rest().upload(FlinkJars.ofThisBuild().jobJar());
      try (Feed feed = Feed.start(folder, broker.bootstrapServers(), new Feed.Load(100_000, 20));
          Audit audit = new Audit(broker.bootstrapServers())) {
        TaskManagerProcess warm = submitAndCancel(cluster, jar, file, audit, WARM_UP);
        TaskManagerProcess last = submitAndCancel(cluster, jar, file, audit, SUBMISSIONS - WARM_UP);
        assertThat(last.jobClassLoaders()).as("class loaders of jobs").isZero();
        assertFlat("metaspace", warm.metaspaceKib(), last.metaspaceKib());
        assertFlat("threads", warm.threads(), last.threads());
        assertFlat("resident memory", warm.residentKib(), last.residentKib());

        int loads = modelLoads();
        runBoth(cluster, jar, file, audit);
        assertThat(modelLoads()).as("model loads for two jobs").isEqualTo(loads + 1);
      }
    }
  }

  private static TaskManagerProcess submitAndCancel(
      FlinkCluster cluster, String jar, Path file, Audit audit, int times) throws Exception {
    for (int i = 0; i < times; i++) {
      int before = audit.found(Audit.Stream.CAPTIONS);
      String job = cluster.rest().run(jar, StreamJob.CAPTIONING.arguments(file));
      Awaitility.await("results of submission " + i)
          .atMost(PATIENCE)
          .until(() -> audit.found(Audit.Stream.CAPTIONS) > before);
      cluster.rest().cancel(job);
    }
    long pid = cluster.taskManagerPids().values().iterator().next();
    return TaskManagerProcess.afterTheLastJob(pid);
  }

  private static void runBoth(FlinkCluster cluster, String jar, Path file, Audit audit)
      throws IOException {
    int captions = audit.found(Audit.Stream.CAPTIONS);
    List<String> jobs = new ArrayList<>();
    for (StreamJob job : StreamJob.values()) {
      jobs.add(cluster.rest().run(jar, job.arguments(file)));
    }
    Awaitility.await("results of both jobs")
        .atMost(PATIENCE)
        .until(
            () ->
                audit.found(Audit.Stream.CAPTIONS) > captions
                    && audit.found(Audit.Stream.VERDICTS) > 0);
    for (String job : jobs) {
      FlinkRest.await(() -> cluster.rest().isRunning(job));
      cluster.rest().cancel(job);
    }
  }

  private int modelLoads() throws IOException {
    return (int)
        Files.readAllLines(folder.resolve("log").resolve("taskmanager-1.log")).stream()
            .filter(line -> line.contains("loading model"))
            .count();
  }

  private static void assertFlat(String what, long before, long after) {
    assertThat(after).as(what).isLessThanOrEqualTo(Math.round(before * 1.05));
  }
}
