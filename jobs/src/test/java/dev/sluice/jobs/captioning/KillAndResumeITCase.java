package dev.sluice.jobs.captioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.jobs.demo.ChildJvm;
import dev.sluice.jobs.demo.KafkaBroker;
import dev.sluice.jobs.embedded.EmbeddedModel;
import dev.sluice.jobs.scenes.ScenePicture;
import dev.sluice.jobs.scenes.StandardPictureEncoder;
import dev.sluice.jobs.stream.JobJvm;
import dev.sluice.jobs.stream.Results;
import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Picture;
import dev.sluice.serde.kafka.ImageRecords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job's JVM is killed in the middle and resumed from its newest checkpoint. */
class KillAndResumeITCase {
  private static final int GOOD = 180;
  private static final int BROKEN = 18;
  private static final int BEFORE_THE_KILL = 8;
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  @TempDir private Path folder;

  @Test
  void killedJob_resumed_losesNothingAndRepeatsNothing() throws Exception {
    try (KafkaBroker broker = KafkaBroker.start(Files.createDirectory(folder.resolve("kafka")))) {
      broker.createTopics(List.of("images", "captions", "rejected"), 1);
      produce(broker);
      Map<String, Integer> results = new TreeMap<>();
      try (KafkaConsumer<byte[], byte[]> consumer =
          Results.committed(broker, List.of("captions", "rejected"))) {
        ChildJvm first = start(broker, "first", List.of());
        await("results before the kill")
            .atMost(PATIENCE)
            .until(() -> read(consumer, results) >= BEFORE_THE_KILL);
        first.kill();
        assertThat(results.size()).as("results before the kill").isLessThan(GOOD + BROKEN);

        Path checkpoint = newestCheckpoint();
        try (ChildJvm second =
            start(
                broker,
                "second",
                List.of("-Dexecution.state-recovery.path=" + checkpoint.toUri()))) {
          await("all results")
              .atMost(PATIENCE)
              .until(() -> read(consumer, results) >= GOOD + BROKEN || !second.process().isAlive());
          assertThat(second.process().isAlive()).as(Files.readString(second.log())).isTrue();
          second.kill();
        }
        read(consumer, results);
      }
      assertThat(results).hasSize(GOOD + BROKEN);
      assertThat(results.values()).as("results of each event").containsOnly(1);
    }
  }

  private ChildJvm start(KafkaBroker broker, String name, List<String> more) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                JobMain.class.getName(),
                CaptioningJob.NAME,
                "--model=" + EmbeddedModel.directory(),
                "--kafka.bootstrap-servers=" + broker.bootstrapServers(),
                "--decode.max-new-tokens=8",
                "--capacity=4",
                "-Dparallelism.default=1",
                "-Drest.bind-port=0",
                "-Dio.tmp.dirs=" + folder.resolve("tmp-" + name),
                "-Dexecution.checkpointing.interval=500 ms",
                "-Dexecution.checkpointing.dir=" + checkpoints().toUri(),
                "-Dexecution.checkpointing.externalized-checkpoint-retention="
                    + "RETAIN_ON_CANCELLATION"));
    arguments.addAll(more);
    return JobJvm.start(arguments, folder.resolve(name + ".log"), "-Djava.awt.headless=true");
  }

  private Path checkpoints() {
    return folder.resolve("checkpoints");
  }

  private Path newestCheckpoint() throws IOException {
    try (Stream<Path> below = Files.walk(checkpoints())) {
      return below
          .filter(path -> path.getFileName().toString().equals("_metadata"))
          .map(Path::getParent)
          .max(
              Comparator.comparingInt(
                  path -> Integer.parseInt(path.getFileName().toString().substring(4))))
          .orElseThrow();
    }
  }

  private static void produce(KafkaBroker broker) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      StandardPictureEncoder encoder = new StandardPictureEncoder();
      for (int i = 0; i < GOOD + BROKEN; i++) {
        byte[] picture =
            i % 11 == 5
                ? new byte[] {1, 2, 3}
                : ScenePicture.of(3, i, 240, 200, encoder).file().bytes();
        var unused =
            producer.send(
                ImageRecords.toProducerRecord(
                    ImageEvent.of(
                        EventIdentity.of("event-%03d".formatted(i), Instant.now()),
                        Picture.ofBytes(picture, null)),
                    "images"));
      }
    }
  }

  /** Counts the committed results of each event. */
  private static int read(KafkaConsumer<byte[], byte[]> consumer, Map<String, Integer> results) {
    for (ConsumerRecord<byte[], byte[]> result : consumer.poll(Duration.ofMillis(200))) {
      results.merge(new String(result.key(), StandardCharsets.UTF_8), 1, Integer::sum);
    }
    return results.size();
  }
}
