package dev.sluice.benchmarks.policies;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.benchmarks.cluster.FlinkCluster;
import dev.sluice.jobs.demo.KafkaBroker;
import dev.sluice.jobs.embedded.EmbeddedModel;
import dev.sluice.jobs.scenes.ScenePicture;
import dev.sluice.jobs.scenes.StandardPictureEncoder;
import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Picture;
import dev.sluice.serde.json.RecordFormatException;
import dev.sluice.serde.kafka.ImageRecords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends pictures at a steady rate and now and then another policy, and looks when verdicts name it.
 * Used by one thread.
 */
public final class PoliciesRun {
  private static final String IMAGES = "images";
  private static final String POLICIES = "policies";
  private static final int PARTITIONS = 4;
  private static final Duration BETWEEN_PICTURES = Duration.ofMillis(200);
  private static final int PICTURES_A_CHANGE = 25;
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final JsonMapper JSON = new JsonMapper();

  private final Path folder;
  private final Path policyFile;
  private final byte[] picture =
      ScenePicture.of(5, 1, 320, 240, new StandardPictureEncoder()).file().bytes();

  private PoliciesRun(Path folder) {
    this.folder = folder;
    this.policyFile = EmbeddedModel.writePolicy(folder.resolve("policy.json"));
  }

  /**
   * @param folder for everything that the processes write
   * @param changes how many policies are sent, one after the other
   */
  public static Report run(Path folder, int changes) throws Exception {
    return new PoliciesRun(folder).run(changes);
  }

  private Report run(int changes) throws Exception {
    try (KafkaBroker broker = KafkaBroker.start(Files.createDirectory(folder.resolve("kafka")))) {
      broker.createTopics(List.of(IMAGES, "verdicts", "rejected", "shadow-verdicts"), PARTITIONS);
      broker.createTopics(List.of(POLICIES, "policy-status"), 1);
      try (FlinkCluster cluster =
              FlinkCluster.start(folder, 2, Map.of("taskmanager.load-balance.mode", "SLOTS"));
          KafkaProducer<byte[], byte[]> producer = producer(broker);
          VerdictReader verdicts = new VerdictReader(broker.bootstrapServers(), PARTITIONS)) {
        cluster.submit(
            List.of("-p", "2"), List.of("moderation", "--config", jobFile(broker).toString()));
        int sent = send(producer, verdicts, 0);
        List<Change> seen = new ArrayList<>();
        for (int i = 0; i < changes; i++) {
          String version = "live-" + i;
          Instant sentAt = sendPolicy(producer, version);
          sent = send(producer, verdicts, sent);
          seen.add(
              new Change(
                  version,
                  Duration.between(sentAt, verdicts.written(version)),
                  Duration.between(sentAt, verdicts.visible(version))));
        }
        return new Report(sent, verdicts.found(), verdicts.twice(), seen);
      }
    }
  }

  private Path jobFile(KafkaBroker broker) throws IOException {
    Path file = folder.resolve("job.yaml");
    Files.writeString(
        file,
        """
        sluice:
          model: %s
          memory:
            budget: 900 mb
          device:
            threads: 1
          moderation:
            policy: %s
            policies-topic: %s
          kafka:
            bootstrap-servers: %s
        """
            .formatted(EmbeddedModel.directory(), policyFile, POLICIES, broker.bootstrapServers()));
    return file;
  }

  /**
   * Sends some more pictures, looks at verdicts meanwhile, and waits for the last.
   *
   * @return how many have been sent by then
   */
  private int send(KafkaProducer<byte[], byte[]> producer, VerdictReader verdicts, int from)
      throws RecordFormatException {
    int end = from + PICTURES_A_CHANGE;
    for (int i = from; i < end; i++) {
      EventIdentity identity = EventIdentity.of("event-" + i, Instant.now());
      var unused =
          producer.send(
              ImageRecords.toProducerRecord(
                  ImageEvent.of(identity, Picture.ofBytes(picture, null)), IMAGES));
      verdicts.readFor(BETWEEN_PICTURES);
    }
    verdicts.await(end, PATIENCE);
    return end;
  }

  private Instant sendPolicy(KafkaProducer<byte[], byte[]> producer, String version)
      throws Exception {
    ObjectNode policy = (ObjectNode) JSON.readTree(policyFile.toFile());
    policy.put("version", version);
    Instant now = Instant.now();
    producer
        .send(new ProducerRecord<>(POLICIES, policy.toString().getBytes(StandardCharsets.UTF_8)))
        .get();
    return now;
  }

  private static KafkaProducer<byte[], byte[]> producer(KafkaBroker broker) {
    return new KafkaProducer<>(
        Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  /**
   * How soon a policy was seen. Immutable.
   *
   * @param written until the first verdict by it was written
   * @param visible until a reader of committed records saw one
   */
  public record Change(String version, Duration written, Duration visible) {}

  /**
   * What came of a run. Immutable.
   *
   * @param twice verdicts beyond the first of an event
   */
  public record Report(int sent, int judged, int twice, List<Change> changes) {
    /** Whether each event has one verdict. */
    public boolean isComplete() {
      return sent == judged && twice == 0;
    }
  }
}
