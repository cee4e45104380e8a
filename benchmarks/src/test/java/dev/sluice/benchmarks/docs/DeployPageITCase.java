package dev.sluice.benchmarks.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.benchmarks.cluster.FlinkRest;
import dev.sluice.jobs.demo.KafkaBroker;
import dev.sluice.jobs.embedded.EmbeddedModel;
import dev.sluice.jobs.scenes.ScenePicture;
import dev.sluice.jobs.scenes.StandardPictureEncoder;
import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Picture;
import dev.sluice.serde.kafka.ImageRecords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of docs/deploy.md, and those of README.md and docs/describe.md that submit jobs, as
 * they stand there, with this machine's broker and models.
 */
class DeployPageITCase {
  private static final Path GOLDENS =
      DocumentedCommands.ROOT.resolve("models/src/test/resources/goldens");
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int PICTURES = 4;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path folder;

  private KafkaBroker broker;
  private FlinkHome flink;
  private Shell shell;

  @BeforeEach
  void machine() throws Exception {
    broker = KafkaBroker.start(Files.createDirectory(folder.resolve("kafka")));
    broker.createTopics(List.of("images", "captions", "verdicts", "descriptions", "rejected"), 1);
    send();
    flink = FlinkHome.unpack(folder.resolve("flink"));
    Files.createSymbolicLink(folder.resolve("deploy"), DocumentedCommands.ROOT.resolve("deploy"));
    Files.createSymbolicLink(
        folder.resolve("sluice-jobs.jar"),
        DocumentedCommands.ROOT.resolve("deploy/target/sluice/sluice-jobs.jar"));
    EmbeddedModel.writePolicy(folder.resolve("policy.json"));
    Files.writeString(folder.resolve("job.yaml"), here(jobFile()));
    // The tiny model cannot write as much as the page's.
    Files.writeString(
        flink.folder().resolve("conf/config.yaml"),
        "sluice.describe.merge-max-new-tokens: 4\n",
        StandardOpenOption.APPEND);
    // This build has packaged already.
    Path maven = Files.createDirectory(folder.resolve("bin")).resolve("mvn");
    Files.writeString(maven, "#!/bin/sh\n");
    assertThat(maven.toFile().setExecutable(true)).isTrue();
    shell =
        new Shell(
            folder,
            Map.of(
                "FLINK_HOME",
                flink.folder().toString(),
                "JAVA_HOME",
                System.getProperty("java.home"),
                "PATH",
                "%s:%s:%s"
                    .formatted(
                        maven.getParent(), flink.folder().resolve("bin"), System.getenv("PATH"))));
  }

  @AfterEach
  void end() throws Exception {
    flink.close();
    broker.close();
  }

  @Test
  void sessionCluster_runsTheJobsOfAllPages() throws Exception {
    shell.run(here(commands("docs/deploy.md").get(0)));
    awaitResults("captions");
    awaitResults("verdicts");
    assertThat(cancelAll()).isEqualTo(2);

    shell.run(here(commands("README.md").get(0)));
    assertThat(cancelAll()).isEqualTo(1);

    shell.run(here(commands("docs/describe.md").get(0)));
    awaitResults("descriptions");
    assertThat(cancelAll()).isEqualTo(1);
  }

  @Test
  void applicationCluster_runsItsJob() throws Exception {
    List<String> commands = commands("docs/deploy.md");
    String preparation =
        commands
            .get(0)
            .lines()
            .filter(line -> !line.startsWith("\"$FLINK_HOME/bin/"))
            .collect(Collectors.joining("\n", "", "\n"));

    shell.run(here(preparation + commands.get(1)));

    awaitResults("captions");
  }

  private static List<String> commands(String page) throws IOException {
    return DocumentedCommands.of(page, DeployPageITCase.class);
  }

  private static String jobFile() throws IOException {
    return DocumentedCommands.on("docs/deploy.md").stream()
        .filter(block -> block.language().equals("yaml"))
        .findFirst()
        .orElseThrow()
        .text();
  }

  /** What the pages call by other names. */
  private String here(String text) {
    return text.replace("/etc/sluice", folder.toString())
        .replace("broker:9092", broker.bootstrapServers())
        .replace("/models/blip-image-captioning-base", EmbeddedModel.directory().toString())
        .replace("/models/llava-uhd-7b", EmbeddedModel.directory().toString())
        .replace("/models/blip-itm-base-coco", GOLDENS.resolve("blip_itm/ckpt").toString())
        .replace("/models/llava-1.5-7b", GOLDENS.resolve("llava/ckpt").toString());
  }

  /** Waits until every job runs, and ends them. */
  private int cancelAll() throws IOException {
    FlinkRest rest = flink.rest();
    Set<String> running = new HashSet<>();
    for (Map.Entry<String, String> job : rest.jobs().entrySet()) {
      if (!job.getValue().equals("CANCELED")) {
        FlinkRest.await(() -> rest.isRunning(job.getKey()));
        rest.cancel(job.getKey());
        running.add(job.getKey());
      }
    }
    return running.size();
  }

  /** Waits until each picture has a committed one. */
  private void awaitResults(String topic) {
    TopicPartition all = new TopicPartition(topic, 0);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                broker.bootstrapServers(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(all));
      consumer.seekToBeginning(List.of(all));
      Set<String> events = new HashSet<>();
      await(topic)
          .atMost(PATIENCE)
          .until(
              () -> {
                consumer
                    .poll(Duration.ofMillis(200))
                    .forEach(found -> events.add(new String(found.key(), StandardCharsets.UTF_8)));
                return events.size() == PICTURES;
              });
    }
  }

  private void send() {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      StandardPictureEncoder encoder = new StandardPictureEncoder();
      for (int i = 0; i < PICTURES; i++) {
        byte[] picture = ScenePicture.of(5, i, 160, 120, encoder).file().bytes();
        var unused =
            producer.send(
                ImageRecords.toProducerRecord(
                    ImageEvent.of(
                        EventIdentity.of("e" + i, Instant.now()), Picture.ofBytes(picture, null)),
                    "images"));
      }
    }
  }
}
