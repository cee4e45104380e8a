package dev.sluice.benchmarks.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.jobs.demo.KafkaBroker;
import dev.sluice.jobs.embedded.EmbeddedModel;
import dev.sluice.jobs.scenes.JdkPictureEncoder;
import dev.sluice.jobs.scenes.ScenePicture;
import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Picture;
import dev.sluice.serde.kafka.ImageRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The statements of docs/sql.md in Flink's SQL client, against a cluster of separate JVMs. */
class SqlClientITCase {
  private static final Pattern STATEMENTS =
      Pattern.compile("<!-- run: SqlClientITCase -->\n```sql\n(.*?)```", Pattern.DOTALL);
  private static final int PICTURES = 4;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path folder;

  @Test
  void statementsOfTheDocs_returnRows() throws Exception {
    try (KafkaBroker broker = KafkaBroker.start(Files.createDirectory(folder.resolve("kafka")));
        FlinkCluster cluster = FlinkCluster.start(folder, 1, Map.of())) {
      broker.createTopics(List.of("images"), 1);
      produce(broker.bootstrapServers());

      String output = cluster.sql(statements(broker.bootstrapServers()));

      assertThat(output).doesNotContain("[ERROR]");
      List<String[]> rows =
          output.lines().filter(line -> line.startsWith("| +I ")).map(this::cells).toList();
      assertThat(rows)
          .filteredOn(row -> row.length == 4)
          .as("id, caption, rejection")
          .hasSize(PICTURES + 1)
          .allSatisfy(row -> assertThat(row[1]).matches("picture-\\d|broken"))
          .filteredOn(row -> row[1].equals("broken"))
          .singleElement()
          .satisfies(
              row -> {
                assertThat(row[2]).isEqualTo("<NULL>");
                assertThat(row[3]).startsWith("UNREADABLE_IMAGE: ");
              });
      assertThat(rows)
          .filteredOn(row -> row.length == 5 && !row[1].equals("broken"))
          .as("id, label, score, decision")
          .hasSize(PICTURES)
          .allSatisfy(
              row -> {
                assertThat(row[2]).matches("knife|pistol|cigarettes");
                assertThat(Double.parseDouble(row[3])).isBetween(0.0, 1.0);
                assertThat(row[4]).matches("ALLOW|REVIEW|BLOCK");
              });
    }
  }

  private String[] cells(String row) {
    return Pattern.compile("\\|")
        .splitAsStream(row.substring(1))
        .map(String::strip)
        .toArray(String[]::new);
  }

  private String statements(String bootstrapServers) throws IOException {
    Matcher block = STATEMENTS.matcher(Files.readString(Path.of("../docs/sql.md")));
    assertThat(block.find()).as("statements in docs/sql.md").isTrue();
    Path policy = EmbeddedModel.writePolicy(folder.resolve("policy.json"));
    return "SET 'sql-client.execution.result-mode' = 'tableau';\n"
        + "SET 'sluice.decode.max-new-tokens' = '8';\n"
        + block
            .group(1)
            .replace("broker:9092", bootstrapServers)
            .replace("/models/scenes", EmbeddedModel.directory().toString())
            .replace("/etc/sluice/policy.json", policy.toString());
  }

  private static void produce(String bootstrapServers) throws IOException {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < PICTURES; i++) {
        send(
            producer,
            "picture-" + i,
            ScenePicture.of(5, i, 240, 200, new JdkPictureEncoder()).file().bytes());
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
