package dev.sluice.benchmarks.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.jobs.demo.KafkaBroker;
import dev.sluice.jobs.embedded.EmbeddedModel;
import dev.sluice.jobs.scenes.ScenePicture;
import dev.sluice.jobs.scenes.StandardPictureEncoder;
import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Picture;
import dev.sluice.serde.kafka.ImageRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The statements of docs/sql.md, through a gateway, on a cluster of separate JVMs. */
class SqlGatewayITCase {
  private static final Path PAGE = Path.of("../docs/sql.md");
  private static final Pattern BLOCK = Pattern.compile("(?s)```sql\n(.*?)```");
  private static final int PICTURES = 4;

  @TempDir private Path folder;

  @Test
  void statementsOfThePage_returnRows() throws Exception {
    try (KafkaBroker broker = KafkaBroker.start(Files.createDirectory(folder.resolve("kafka")))) {
      broker.createTopics(List.of("images"), 2);
      produce(broker);
      try (FlinkCluster cluster =
              FlinkCluster.start(folder, 2, Map.of("parallelism.default", "2"));
          SqlGateway gateway = cluster.startSqlGateway()) {
        List<List<JsonNode>> results = new ArrayList<>();
        for (String statement : statements(broker)) {
          List<JsonNode> rows = gateway.execute(statement);
          if (statement.startsWith("SELECT")) {
            results.add(rows);
          }
        }

        assertThat(results).hasSize(3);
        for (List<JsonNode> rows : results) {
          assertThat(rows)
              .extracting(row -> row.path(0).asText())
              .containsExactlyInAnyOrder("broken", "e0", "e1", "e2", "e3");
          assertThat(rows)
              .filteredOn(row -> !row.path(0).asText().equals("broken"))
              .allSatisfy(row -> assertThat(row.path(1).asText()).isNotBlank());
        }
        assertThat(results.get(0))
            .filteredOn(row -> row.path(0).asText().equals("broken"))
            .singleElement()
            .satisfies(row -> assertThat(row.path(2).asText()).startsWith("UNREADABLE_IMAGE: "));
        assertThat(results.get(1))
            .filteredOn(row -> !row.path(0).asText().equals("broken"))
            .allSatisfy(row -> assertThat(row.path(3).asText()).isIn("ALLOW", "REVIEW", "BLOCK"));
      }
    }
  }

  /** As they stand on the page, with this machine's broker, model and policy. */
  private List<String> statements(KafkaBroker broker) throws IOException {
    String policy = EmbeddedModel.writePolicy(folder.resolve("policy.json")).toString();
    List<String> statements = new ArrayList<>();
    Matcher block = BLOCK.matcher(Files.readString(PAGE));
    while (block.find()) {
      for (String statement : block.group(1).strip().split(";(\\s+|$)", 0)) {
        statements.add(
            statement
                .strip()
                .replace("broker:9092", broker.bootstrapServers())
                .replace("/models/scenes", EmbeddedModel.directory().toString())
                .replace("/etc/sluice/policy.json", policy));
      }
    }
    return statements;
  }

  private static void produce(KafkaBroker broker) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      StandardPictureEncoder encoder = new StandardPictureEncoder();
      for (int i = 0; i < PICTURES; i++) {
        send(producer, "e" + i, ScenePicture.of(5, i, 160, 120, encoder).file().bytes());
      }
      send(producer, "broken", new byte[] {1, 2, 3});
    }
  }

  private static void send(KafkaProducer<byte[], byte[]> producer, String id, byte[] picture) {
    var unused =
        producer.send(
            ImageRecords.toProducerRecord(
                ImageEvent.of(EventIdentity.of(id, Instant.now()), Picture.ofBytes(picture, null)),
                "images"));
  }
}
