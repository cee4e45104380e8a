package dev.sluice.jobs.moderation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.jobs.demo.KafkaBroker;
import dev.sluice.jobs.embedded.EmbeddedModel;
import dev.sluice.jobs.local.LocalFlink;
import dev.sluice.jobs.scenes.ScenePicture;
import dev.sluice.jobs.scenes.StandardPictureEncoder;
import dev.sluice.jobs.stream.JobOptions;
import dev.sluice.jobs.stream.KafkaOptions;
import dev.sluice.jobs.stream.Results;
import dev.sluice.operators.CacheOptions;
import dev.sluice.operators.ModelOptions;
import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Picture;
import dev.sluice.serde.PolicyStatus;
import dev.sluice.serde.Verdict;
import dev.sluice.serde.json.JsonRecords;
import dev.sluice.serde.json.RecordFormatException;
import dev.sluice.serde.kafka.ImageRecords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies that change while the job runs, through a broker, with the embedded model. */
class LivePoliciesITCase {
  private static final Instant MORNING = Instant.parse("2026-03-01T08:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final JsonMapper JSON = new JsonMapper();

  /** The second option begins as the third does. */
  private static final List<String> ALIKE =
      List.of("none", "knife", "knife blade", "pistol", "cigarettes");

  private static final List<String> RESULTS =
      List.of("verdicts", "rejected", "shadow-verdicts", "policy-status");

  private final Map<String, List<byte[]>> results = new HashMap<>();
  private final byte[] picture = picture();

  @TempDir private Path folder;

  @Test
  void changes_areSeenInVerdictsByEventTime() throws Exception {
    EmbeddedModel.writePolicy(policyFile());
    try (KafkaBroker broker = KafkaBroker.start(Files.createDirectory(folder.resolve("kafka")))) {
      broker.createTopics(List.of("images", "policies"), 1);
      broker.createTopics(RESULTS, 1);
      try (KafkaProducer<byte[], byte[]> producer = producer(broker);
          KafkaConsumer<byte[], byte[]> consumer = Results.committed(broker, RESULTS)) {
        String own = EmbeddedModel.policy().version();
        send(producer, policy("before").put("effectiveFrom", hour(1).toString()));
        JobClient job = start(broker);
        try {
          sendPicture(producer, "a", hour(0));
          sendPicture(producer, "b", hour(1));
          awaitResults(consumer, "verdicts", 2);

          send(producer, policy("live").put("effectiveFrom", hour(2).toString()));
          send(producer, policy("alike").set("options", JSON.valueToTree(ALIKE)));
          send(producer, policy("tried").put("mode", "shadow"));
          awaitResults(consumer, "policy-status", 4);
          sendPicture(producer, "c", hour(2));
          sendPicture(producer, "late", hour(1));
          sendPicture(producer, "today", Instant.now().plus(HOUR));
          awaitResults(consumer, "verdicts", 5);
          awaitResults(consumer, "shadow-verdicts", 1);

          assertThat(versions("verdicts"))
              .containsExactlyInAnyOrderEntriesOf(
                  Map.of("a", own, "b", "before", "c", "live", "late", "before", "today", "live"));
          assertThat(versions("shadow-verdicts")).isEqualTo(Map.of("today", "tried"));
          assertThat(results.get("verdicts")).hasSize(5);
          assertThat(results).doesNotContainKey("rejected");
          assertThat(statuses())
              .extracting(PolicyStatus::isAccepted)
              .containsExactly(true, true, false, true);
          assertThat(statuses().get(2).reason())
              .contains("version 'alike'")
              .contains("begin with the same token");
        } finally {
          job.cancel().get();
        }
      }
    }
  }

  private JobClient start(KafkaBroker broker) throws Exception {
    Configuration configuration = LocalFlink.configuration(folder, 0);
    configuration.set(JobOptions.MODEL, EmbeddedModel.directory().toString());
    configuration.set(ModelOptions.DEVICE_THREADS, 1);
    configuration.set(CacheOptions.ENABLED, true);
    configuration.set(ModerationJob.POLICY, policyFile().toString());
    configuration.set(ModerationJob.POLICIES_TOPIC, "policies");
    configuration.set(KafkaOptions.BOOTSTRAP_SERVERS, broker.bootstrapServers());
    configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(300));
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
    ModerationJob.define(env, configuration);
    return env.executeAsync(ModerationJob.NAME);
  }

  private Path policyFile() {
    return folder.resolve("policy.json");
  }

  /** The job's own policy as another version. */
  private ObjectNode policy(String version) throws IOException {
    ObjectNode policy = (ObjectNode) JSON.readTree(policyFile().toFile());
    return policy.put("version", version);
  }

  private static Instant hour(int hours) {
    return MORNING.plus(HOUR.multipliedBy(hours));
  }

  private static void send(KafkaProducer<byte[], byte[]> producer, Object policy) throws Exception {
    producer
        .send(new ProducerRecord<>("policies", policy.toString().getBytes(StandardCharsets.UTF_8)))
        .get();
  }

  private void sendPicture(KafkaProducer<byte[], byte[]> producer, String id, Instant time)
      throws Exception {
    producer
        .send(
            ImageRecords.toProducerRecord(
                ImageEvent.of(EventIdentity.of(id, time), Picture.ofBytes(picture, null)),
                "images"))
        .get();
  }

  private static byte[] picture() {
    return ScenePicture.of(5, 1, 240, 200, new StandardPictureEncoder()).file().bytes();
  }

  private static KafkaProducer<byte[], byte[]> producer(KafkaBroker broker) {
    return new KafkaProducer<>(
        Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private void awaitResults(KafkaConsumer<byte[], byte[]> consumer, String topic, int count) {
    await(topic)
        .atMost(PATIENCE)
        .until(
            () -> {
              for (ConsumerRecord<byte[], byte[]> found : consumer.poll(Duration.ofMillis(200))) {
                results
                    .computeIfAbsent(found.topic(), name -> new ArrayList<>())
                    .add(found.value());
              }
              return results.getOrDefault(topic, List.of()).size() >= count;
            });
  }

  private Map<String, String> versions(String topic) throws RecordFormatException {
    Map<String, String> versions = new HashMap<>();
    for (byte[] json : results.get(topic)) {
      Verdict verdict = JsonRecords.verdict(json);
      versions.put(verdict.identity().eventId(), verdict.policyVersion());
    }
    return versions;
  }

  private List<PolicyStatus> statuses() throws RecordFormatException {
    List<PolicyStatus> statuses = new ArrayList<>();
    for (byte[] json : results.get("policy-status")) {
      statuses.add(JsonRecords.policyStatus(json));
    }
    return statuses;
  }
}
