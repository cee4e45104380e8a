package dev.sluice.benchmarks.load;

import dev.sluice.benchmarks.cluster.FlinkRest;
import dev.sluice.jobs.captioning.CaptioningJob;
import dev.sluice.jobs.demo.KafkaBroker;
import dev.sluice.jobs.embedded.EmbeddedModel;
import dev.sluice.jobs.local.LocalCluster;
import dev.sluice.jobs.stream.JobOptions;
import dev.sluice.jobs.stream.KafkaOptions;
import dev.sluice.operators.VisionOptions;
import dev.sluice.operators.VisionOptions.Chaining;
import dev.sluice.operators.device.DeviceMeters;
import dev.sluice.operators.device.DeviceRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * The captioning job with the embedded model on a Flink in this process, and a Kafka broker in a
 * child JVM. Owned by one thread.
 */
final class LoadRig implements AutoCloseable {
  private static final String IMAGES = "images";
  private static final String CAPTIONS = "captions";
  private static final String REJECTED = "rejected";
  private static final int PARTITIONS = 8;
  private static final int CHECKPOINTS_KEPT = 10_000;

  /** Holds the slices of any picture but the largest. */
  private static final MemorySize NETWORK_BUFFER = MemorySize.parse("256 kb");

  private static final long STEP_MILLIS = 50;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final KafkaBroker broker;
  private final LocalCluster cluster;
  private final FlinkRest rest;
  private final LoadFeed feed;
  private final ResultCount results;
  private final DeviceRuntime device;
  private final String consumerGroup;
  private final String job;

  private LoadRig(
      KafkaBroker broker,
      LocalCluster cluster,
      Configuration options,
      LoadPlan.Job plan,
      LoadPictures pictures)
      throws InterruptedException, ExecutionException {
    this.broker = broker;
    this.cluster = cluster;
    this.rest = new FlinkRest(cluster.webPage());
    String servers = broker.bootstrapServers();
    this.feed = new LoadFeed(servers, IMAGES, pictures);
    this.results = new ResultCount(servers, CAPTIONS, REJECTED, PARTITIONS);
    JobOptions jobOptions = JobOptions.from(options, CaptioningJob.NAME);
    this.device = DeviceRuntime.of(jobOptions.model());
    this.consumerGroup = jobOptions.kafka().groupId();
    this.job =
        cluster
            .submit("sluice captioning", plan.subtasks(), env -> CaptioningJob.define(env, options))
            .toString();
  }

  /**
   * Starts everything.
   *
   * @param folder for all files
   * @param more options of the job
   */
  static LoadRig start(
      Path folder, LoadPlan.Job plan, LoadPictures pictures, Map<String, String> more)
      throws Exception {
    KafkaBroker broker = KafkaBroker.start(Files.createDirectories(folder.resolve("kafka")));
    broker.createTopics(List.of(IMAGES, CAPTIONS, REJECTED), PARTITIONS);
    Configuration flink = new Configuration();
    flink.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, plan.checkpointInterval());
    flink.set(CheckpointingOptions.CHECKPOINTING_TIMEOUT, PATIENCE);
    flink.set(CheckpointingOptions.ENABLE_UNALIGNED, plan.chaining() == Chaining.UNCHAINED);
    flink.set(TaskManagerOptions.MEMORY_SEGMENT_SIZE, NETWORK_BUFFER);
    flink.set(WebOptions.CHECKPOINTS_HISTORY_SIZE, CHECKPOINTS_KEPT);
    flink.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    LocalCluster cluster =
        LocalCluster.start(
            Files.createDirectories(folder.resolve("flink")), plan.subtasks(), flink);
    Configuration options = Configuration.fromMap(more);
    options.set(VisionOptions.CAPACITY, plan.inFlight());
    options.set(VisionOptions.CHAINING, plan.chaining());
    options.set(JobOptions.MODEL, EmbeddedModel.directory().toString());
    options.set(KafkaOptions.BOOTSTRAP_SERVERS, broker.bootstrapServers());
    return new LoadRig(broker, cluster, options, plan, pictures);
  }

  LoadFeed feed() {
    return feed;
  }

  ResultCount results() {
    return results;
  }

  DeviceRuntime device() {
    return device;
  }

  DeviceMeters meters() {
    return device.meters();
  }

  List<FlinkRest.Checkpoint> checkpoints() throws IOException {
    return rest.checkpoints(job);
  }

  Map<String, Double> metrics(Pattern names) throws IOException {
    return rest.jobMetrics(job, names);
  }

  /** Waits until every event that was sent has a result. */
  void awaitAll() throws Exception {
    int before = -1;
    while (results.events() < feed.sent()) {
      int now = results.events();
      if (now == before) {
        throw new IllegalStateException(
            "results: %d of %d, and none more within %s".formatted(now, feed.sent(), PATIENCE));
      }
      before = now;
      int atLeast = now + 1;
      await(() -> results.events() >= atLeast);
    }
  }

  void pause(Duration duration) throws Exception {
    long end = System.nanoTime() + duration.toNanos();
    while (System.nanoTime() < end) {
      requireRunning();
      Thread.sleep(STEP_MILLIS);
    }
  }

  /** Events in Kafka that the job has not read, as of its last checkpoint. */
  long lag() throws InterruptedException, ExecutionException {
    try (Admin admin =
        Admin.create(
            Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()))) {
      var read = admin.listConsumerGroupOffsets(consumerGroup).partitionsToOffsetAndMetadata();
      long lag = 0;
      for (var partition : read.get().entrySet()) {
        lag -= partition.getValue().offset();
      }
      Map<TopicPartition, OffsetSpec> latest =
          IntStream.range(0, PARTITIONS)
              .mapToObj(i -> new TopicPartition(IMAGES, i))
              .collect(Collectors.toMap(each -> each, each -> OffsetSpec.latest()));
      for (var end : admin.listOffsets(latest).all().get().values()) {
        lag += end.offset();
      }
      return lag;
    }
  }

  @Override
  public void close() {
    device.close();
    results.close();
    feed.close();
    cluster.close();
    broker.close();
  }

  private void await(BooleanSupplier condition) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < end) {
      requireRunning();
      Thread.sleep(STEP_MILLIS);
    }
  }

  private void requireRunning() throws Exception {
    var failure = cluster.failure();
    if (failure.isPresent()) {
      throw new IllegalStateException("the job has ended, " + failure.get());
    }
  }
}
