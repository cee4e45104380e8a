package dev.sluice.jobs.demo;

import dev.sluice.jobs.captioning.CaptioningJob;
import dev.sluice.jobs.embedded.EmbeddedModel;
import dev.sluice.jobs.local.LocalCluster;
import dev.sluice.jobs.local.TemporaryFolder;
import dev.sluice.jobs.moderation.ModerationJob;
import dev.sluice.jobs.stream.JobOptions;
import dev.sluice.jobs.stream.KafkaOptions;
import dev.sluice.jobs.stream.KafkaOptions.Topics;
import dev.sluice.jobs.watch.TopicReader;
import dev.sluice.operators.VisionOptions;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.apache.kafka.clients.CommonClientConfigs;
import org.jspecify.annotations.Nullable;

/**
 * The whole stream on this machine: broker, cluster, both jobs, pictures, results. Used by the main
 * thread; {@link #stop()} by any.
 */
final class Demo {
  private static final Topics TOPICS =
      new Topics("images", "captions", "verdicts", "descriptions", "rejected");

  /** Enough to fill the device's batches; what is in flight is in each second's checkpoint. */
  private static final int CAPACITY = 16;

  private static final long TICK_MILLIS = 250;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final DemoPictures pictures;
  private final DemoRun.Ending ending;
  private final Optional<DemoRun.OwnModel> model;
  private final PrintWriter out;
  private final DemoScreen screen;
  private final DemoResults results = new DemoResults();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final CountDownLatch cleaned = new CountDownLatch(1);
  private volatile @Nullable URI watchPage;

  Demo(DemoPictures pictures, DemoRun.Request request, PrintWriter out, PrintWriter err) {
    this.pictures = pictures;
    this.ending = request.ending();
    this.model = request.model();
    this.out = out;
    this.screen = new DemoScreen(out, err, results, pictures.total());
  }

  /** Where the page is, once both jobs are submitted. */
  Optional<URI> watchPage() {
    return Optional.ofNullable(watchPage);
  }

  /** Ends a running demo and waits until it has cleaned up. */
  void stop() {
    stopped.countDown();
    try {
      cleaned.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  boolean isStopping() {
    return stopped.getCount() == 0;
  }

  /**
   * Runs the demo to its end.
   *
   * @throws DemoFailedException if not every picture got its answers
   */
  void run() throws Exception {
    screen.say("starting a Kafka broker and a Flink cluster");
    try (TemporaryFolder folder = TemporaryFolder.create("sluice-demo-");
        KafkaBroker broker =
            KafkaBroker.start(Files.createDirectory(folder.path().resolve("kafka")))) {
      broker.createTopics(
          List.of(TOPICS.images(), TOPICS.captions(), TOPICS.verdicts(), TOPICS.rejected()), 1);
      run(folder.path(), broker);
    } finally {
      cleaned.countDown();
    }
  }

  private void run(Path folder, KafkaBroker broker) throws Exception {
    String servers = broker.bootstrapServers();
    try (DemoProducer producer = new DemoProducer(servers, TOPICS.images(), pictures, producing());
        LocalCluster cluster = LocalCluster.start(folder.resolve("flink"), 2, new Configuration());
        TopicReader reader =
            new TopicReader(
                Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers),
                TOPICS,
                TopicReader.From.BEGINNING,
                screen);
        DemoPage page = page(servers, cluster)) {
      producer.start();
      reader.start();
      Configuration options = options(servers, folder);
      cluster.submit("sluice captioning", env -> CaptioningJob.define(env, options));
      cluster.submit("sluice moderation", env -> ModerationJob.define(env, options));
      screen.say("Kafka at " + servers + ", Flink's page at " + cluster.webPage());
      if (page != null) {
        screen.say("watch the pictures pass at " + page.address());
        watchPage = page.address();
      }
      await(new Parts(producer, cluster, reader));
    }
  }

  /** None where the demo ends by itself: nobody looks, and the figures are the stream's alone. */
  private @Nullable DemoPage page(String servers, LocalCluster cluster) throws Exception {
    return ending == DemoRun.Ending.WHEN_STOPPED
        ? DemoPage.open(servers, TOPICS, cluster.webPage())
        : null;
  }

  private void await(Parts parts) throws Exception {
    long running = 0;
    while (!stopped.await(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
      parts.check();
      if (running == 0 && parts.cluster.isRunning()) {
        running = System.nanoTime();
      }
      DemoResults.Snapshot now = results.snapshot();
      if (ending == DemoRun.Ending.WITH_THE_LAST_RESULT && now.isComplete(pictures.total())) {
        break;
      }
      if (ending == DemoRun.Ending.WITH_THE_LAST_RESULT
          && System.nanoTime() - now.lastNanos() > PATIENCE.toNanos()) {
        throw new DemoFailedException(
            "no result for %d minutes; %s".formatted(PATIENCE.toMinutes(), missing(now)));
      }
    }
    report(parts.producer.sent(), running);
  }

  private void report(int sent, long running) throws DemoFailedException {
    DemoResults.Snapshot end = results.snapshot();
    int in = ending == DemoRun.Ending.WITH_THE_LAST_RESULT ? pictures.total() : sent;
    double seconds = running == 0 ? 0 : (end.lastNanos() - running) / 1e9;
    DemoReport report = new DemoReport(in, seconds, end);
    screen.clear();
    out.println(report.text());
    out.println(report.json());
    out.flush();
    if (ending == DemoRun.Ending.WITH_THE_LAST_RESULT && !end.isExact(in)) {
      throw new DemoFailedException(missing(end));
    }
  }

  private String missing(DemoResults.Snapshot end) {
    return "expected captions + rejected = verdicts + rejected = %d, found %d + %d and %d + %d, %d twice"
        .formatted(
            pictures.total(),
            end.captions(),
            end.rejected(),
            end.verdicts(),
            end.rejected(),
            end.twice());
  }

  private DemoProducer.Ending producing() {
    return ending == DemoRun.Ending.WHEN_STOPPED
        ? DemoProducer.Ending.GO_ON
        : DemoProducer.Ending.STOP;
  }

  private Configuration options(String servers, Path folder) {
    Configuration options = new Configuration();
    options.set(VisionOptions.CAPACITY, CAPACITY);
    DemoRun.OwnModel used =
        model.orElseGet(
            () ->
                new DemoRun.OwnModel(
                    EmbeddedModel.directory(),
                    EmbeddedModel.writePolicy(folder.resolve("policy.json"))));
    options.set(JobOptions.MODEL, used.folder().toString());
    options.set(ModerationJob.POLICY, used.policy().toString());
    options.set(KafkaOptions.BOOTSTRAP_SERVERS, servers);
    return options;
  }

  /** What works at the same time, and may fail. */
  private record Parts(DemoProducer producer, LocalCluster cluster, TopicReader reader) {
    void check() throws Exception {
      Optional<Exception> failure = producer.failure().or(reader::failure);
      if (failure.isPresent()) {
        throw failure.get();
      }
      Optional<String> ended = cluster.failure();
      if (ended.isPresent()) {
        throw new DemoFailedException("a job has ended, " + ended.get());
      }
    }
  }

  /** The demo did not come to its end; says why in one sentence. */
  static final class DemoFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    DemoFailedException(String message) {
      super(message);
    }
  }
}
