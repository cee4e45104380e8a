package dev.sluice.benchmarks.repeats;

import dev.sluice.jobs.captioning.CaptioningJob;
import dev.sluice.jobs.demo.KafkaBroker;
import dev.sluice.jobs.embedded.EmbeddedModel;
import dev.sluice.jobs.local.LocalFlink;
import dev.sluice.jobs.local.TemporaryFolder;
import dev.sluice.jobs.stream.JobOptions;
import dev.sluice.jobs.stream.KafkaOptions;
import dev.sluice.operators.CacheOptions;
import dev.sluice.operators.ModelOptions;
import dev.sluice.operators.VisionOptions;
import dev.sluice.operators.device.DeviceRuntime;
import dev.sluice.serde.Caption;
import dev.sluice.serde.Provenance.CacheUse;
import dev.sluice.serde.json.JsonRecords;
import dev.sluice.serde.kafka.ImageRecords;
import java.nio.file.Files;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The captioning job on a broker, with repeating pictures. Used by one thread. */
public final class RepeatsRun {
  private static final String IMAGES = "images";
  private static final String CAPTIONS = "captions";
  private static final String REJECTED = "rejected";
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration SILENCE = Duration.ofMinutes(2);

  private RepeatsRun() {}

  /** Sends all events, waits for all captions, and counts. */
  public static Report run(int events, int distinct) throws Exception {
    try (TemporaryFolder folder = TemporaryFolder.create("sluice-repeats-");
        KafkaBroker broker =
            KafkaBroker.start(Files.createDirectory(folder.path().resolve("kafka")))) {
      broker.createTopics(List.of(IMAGES, CAPTIONS, REJECTED), 1);
      send(broker, new RepeatingEvents(events, distinct));
      Configuration options = options(broker);
      Configuration flink = LocalFlink.configuration(folder.path(), 0);
      flink.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(1));
      flink.set(
          CheckpointingOptions.CHECKPOINTS_DIRECTORY,
          folder.path().resolve("checkpoints").toUri().toString());
      // A user of the device from before the job to after it: its counts are the job's.
      try (DeviceRuntime runtime =
          DeviceRuntime.of(JobOptions.from(options, CaptioningJob.NAME).model())) {
        StreamExecutionEnvironment env =
            StreamExecutionEnvironment.createLocalEnvironment(1, flink);
        CaptioningJob.define(env, options);
        long start = System.nanoTime();
        JobClient job = env.executeAsync(CaptioningJob.NAME);
        Tally tally = tally(broker, events);
        double seconds = Duration.ofNanos(System.nanoTime() - start).toMillis() / 1000.0;
        job.cancel().get();
        return new Report(events, distinct, runtime.meters().pictures(), tally, seconds);
      }
    }
  }

  private static Configuration options(KafkaBroker broker) {
    Configuration options = new Configuration();
    options.set(JobOptions.MODEL, EmbeddedModel.directory().toString());
    options.set(KafkaOptions.BOOTSTRAP_SERVERS, broker.bootstrapServers());
    options.set(ModelOptions.MEMORY_BUDGET, "900 mb");
    options.set(VisionOptions.MAX_NEW_TOKENS, 8);
    options.set(CacheOptions.ENABLED, true);
    return options;
  }

  private static void send(KafkaBroker broker, RepeatingEvents events) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      while (events.hasNext()) {
        var unused = producer.send(ImageRecords.toProducerRecord(events.next(), IMAGES));
      }
    }
  }

  /** Reads the committed captions until all are there, or nothing comes for long. */
  private static Tally tally(KafkaBroker broker, int events) throws Exception {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                broker.bootstrapServers(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> captions = List.of(new TopicPartition(CAPTIONS, 0));
      consumer.assign(captions);
      consumer.seekToBeginning(captions);
      Tally tally = new Tally();
      long lastNanos = System.nanoTime();
      while (tally.answered < events && System.nanoTime() - lastNanos < SILENCE.toNanos()) {
        for (ConsumerRecord<byte[], byte[]> each : consumer.poll(POLL)) {
          tally.add(JsonRecords.caption(each.value()));
          lastNanos = System.nanoTime();
        }
      }
      return tally;
    }
  }

  /** What has come out. Owned by one thread. */
  static final class Tally {
    private final Map<CacheUse, Integer> byUse = new EnumMap<>(CacheUse.class);
    private int answered;
    private int outOfOrder;

    void add(Caption caption) {
      // With one partition each event's number is the number of results before it.
      if (RepeatingEvents.number(caption.identity().eventId()) != answered) {
        outOfOrder++;
      }
      answered++;
      byUse.merge(caption.provenance().cache(), 1, Integer::sum);
    }
  }

  /**
   * What a run has shown. Immutable.
   *
   * @param distinct pictures among the events
   * @param computed pictures that the device encoded
   */
  public record Report(int events, int distinct, long computed, Tally tally, double seconds) {

    /** Whether each picture was computed once, and each event answered once, in order. */
    public boolean holds() {
      return computed == distinct && tally.answered == events && tally.outOfOrder == 0;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%d events, %d pictures: %d computed, %d answered (%s), %d out of order, %.1f s",
          events,
          distinct,
          computed,
          tally.answered,
          tally.byUse,
          tally.outOfOrder,
          seconds);
    }
  }
}
