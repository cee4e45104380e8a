package dev.sluice.benchmarks.faults;

import dev.sluice.benchmarks.cluster.ClusterProcess;
import dev.sluice.benchmarks.cluster.FlinkCluster;
import dev.sluice.jobs.demo.KafkaBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Both jobs on a cluster of two TaskManagers, a broker, a feed, and the audit of what comes out,
 * each a process of its own but the audit. Owned by one thread.
 */
public final class FaultRig implements AutoCloseable {
  static final Duration HEARTBEAT_TIMEOUT = Duration.ofSeconds(6);

  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Duration STEP = Duration.ofMillis(50);

  private final Path folder;
  private final KafkaBroker broker;
  private final @Nullable SmallDisk disk;
  private final FlinkCluster cluster;
  private final Audit audit;
  private Feed feed;

  private FaultRig(
      Path folder, KafkaBroker broker, @Nullable SmallDisk disk, FlinkCluster cluster, Feed feed) {
    this.folder = folder;
    this.broker = broker;
    this.disk = disk;
    this.cluster = cluster;
    this.audit = new Audit(broker.bootstrapServers());
    this.feed = feed;
  }

  /** Starts everything and waits until both jobs run. */
  public static FaultRig start(Path folder, Feed.Load load) throws IOException {
    KafkaBroker broker = KafkaBroker.start(Files.createDirectories(folder.resolve("kafka")));
    broker.createTopics(Topics.all(), Topics.PARTITIONS);
    SmallDisk disk = mountIfAllowed(folder.resolve("checkpoints")).orElse(null);
    FlinkCluster cluster = FlinkCluster.start(folder, 2, settings());
    Feed feed = Feed.start(folder, broker.bootstrapServers(), load);
    FaultRig rig = new FaultRig(folder, broker, disk, cluster, feed);
    rig.submitJobs();
    return rig;
  }

  /** Whether a fault can happen here and now. */
  public boolean allows(Fault fault) {
    return switch (fault) {
      case FILL_DISK -> disk != null;
      case KILL_FEED -> audit.found(Audit.Stream.IMAGES) < feed.load().events();
      default -> true;
    };
  }

  /**
   * Lets a fault happen.
   *
   * @return how long it took, from its beginning, until everything that it stopped went on
   */
  public Duration strike(Fault fault, RandomGenerator random)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    fault.happen(this, random);
    Map<Audit.Stream, Integer> before = new HashMap<>();
    for (Audit.Stream stream : fault.stops()) {
      before.put(stream, audit.found(stream));
    }
    awaitAll(
        fault + ": results",
        () -> before.entrySet().stream().allMatch(e -> goesOn(e.getKey(), e.getValue())));
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Whether more has come, if there was more to come. */
  private boolean goesOn(Audit.Stream stream, int before) {
    int found = audit.found(stream);
    return found > before || found >= feed.load().events();
  }

  /** Events that have a result of both jobs. */
  public int done() {
    return Math.min(audit.found(Audit.Stream.CAPTIONS), audit.found(Audit.Stream.VERDICTS));
  }

  /** Waits until as many events are done. */
  public void awaitDone(int events) throws InterruptedException {
    awaitAll(events + " results", () -> done() >= events);
  }

  /** Waits until the feed has sent all that it has to send. */
  public void awaitSent() throws InterruptedException {
    awaitAll("the whole feed", () -> audit.found(Audit.Stream.IMAGES) >= feed.load().events());
  }

  /** Ends the feed, waits for what is under way, and counts. */
  public Balance settle() throws InterruptedException {
    killFeed();
    int sent = feed.sent();
    awaitAll(
        "results of " + sent + " events",
        () -> audit.found(Audit.Stream.IMAGES) >= sent && done() >= sent);
    // Long enough for a second result to become visible, if there is one.
    Thread.sleep(Duration.ofSeconds(3).toMillis());
    return new Balance(
        sent,
        Math.max(0, sent - done()),
        audit.twice(Audit.Stream.IMAGES).size(),
        audit.twice(Audit.Stream.CAPTIONS).size() + audit.twice(Audit.Stream.VERDICTS).size());
  }

  /**
   * What has come of what was sent. Immutable.
   *
   * @param lost events without a result of both jobs
   * @param sentTwice events that the feed sent twice
   * @param twice results beyond the first of an event
   */
  public record Balance(int sent, int lost, int sentTwice, int twice) {}

  FlinkCluster cluster() {
    return cluster;
  }

  KafkaBroker broker() {
    return broker;
  }

  SmallDisk disk() {
    if (disk == null) {
      throw new IllegalStateException("checkpoints: expected a small disk, may not mount one");
    }
    return disk;
  }

  /** One that has work to lose. */
  ClusterProcess busyTaskManager(RandomGenerator random) throws IOException {
    List<String> busy = cluster.rest().busyTaskManagers();
    return cluster.taskManager(busy.get(random.nextInt(busy.size())));
  }

  void killFeed() {
    feed.kill();
  }

  void startFeed() throws IOException {
    feed = feed.restarted();
  }

  @Override
  public void close() throws IOException {
    killFeed();
    audit.close();
    cluster.close();
    broker.close();
    if (disk != null) {
      disk.close();
    }
  }

  private void submitJobs() throws IOException {
    Path file = StreamJob.write(folder, broker.bootstrapServers());
    for (StreamJob job : StreamJob.values()) {
      cluster.submit(List.of("-p", "2"), job.arguments(file));
    }
  }

  private static Map<String, String> settings() {
    return Map.of(
        "taskmanager.load-balance.mode", "SLOTS",
        "heartbeat.interval", "1 s",
        "heartbeat.timeout", HEARTBEAT_TIMEOUT.toSeconds() + " s",
        "restart-strategy.type", "fixed-delay",
        "restart-strategy.fixed-delay.attempts", "1000000",
        "restart-strategy.fixed-delay.delay", "1 s");
  }

  private static Optional<SmallDisk> mountIfAllowed(Path folder) {
    try {
      return Optional.of(SmallDisk.mount(folder));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void awaitAll(String what, Condition condition) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "%s: not within %s; sent %d, captions %d, verdicts %d; logs in %s"
                .formatted(
                    what,
                    PATIENCE,
                    audit.found(Audit.Stream.IMAGES),
                    audit.found(Audit.Stream.CAPTIONS),
                    audit.found(Audit.Stream.VERDICTS),
                    folder));
      }
      Thread.sleep(STEP.toMillis());
    }
  }

  private interface Condition {
    boolean holds();
  }
}
