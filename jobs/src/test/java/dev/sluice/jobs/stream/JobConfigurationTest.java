package dev.sluice.jobs.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.operators.VisionOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobConfigurationTest {

  @Test
  void arguments_goBeforeTheFile(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("job.yaml");
    Files.writeString(
        file,
        """
        sluice:
          model: /models/a
          capacity: 3
          kafka:
            bootstrap-servers: broker:9092
            properties:
              security.protocol: SSL
        """);

    Configuration parsed =
        JobConfiguration.parse(
                List.of("--config", file.toString(), "-Dsluice.capacity=4", "--model=/models/b"))
            .options();

    assertThat(parsed.get(JobOptions.MODEL)).isEqualTo("/models/b");
    assertThat(parsed.get(VisionOptions.CAPACITY)).isEqualTo(4);
    KafkaOptions kafka = KafkaOptions.from(parsed, "captioning");
    assertThat(kafka.bootstrapServers()).isEqualTo("broker:9092");
    assertThat(kafka.properties()).containsEntry("security.protocol", "SSL");
    assertThat(kafka.groupId()).isEqualTo("sluice-captioning");
  }

  @Test
  void everythingThatCannotBeUnderstood_isNamed() {
    assertThat(
            JobConfiguration.parse(List.of("model", "--config", "no/where.yaml", "--model"))
                .problems())
        .containsExactly(
            "argument 'model': expected --config FILE, -Dkey=value or --key value",
            "configuration file no/where.yaml: there is none",
            "argument '--model': expected --config FILE, -Dkey=value or --key value");
  }

  @Test
  void missingModel_isSaid() {
    assertThatThrownBy(() -> JobOptions.from(new Configuration(), "captioning"))
        .hasMessage("sluice.model: expected a model folder, found nothing");
  }

  @Test
  void passThroughProperties_areNeverShown() {
    Configuration configuration =
        JobConfiguration.parse(
                List.of(
                    "--kafka.bootstrap-servers",
                    "broker:9092",
                    "--kafka.properties.sasl.jaas.config",
                    "password=hunter2"))
            .options();

    configuration.set(JobOptions.MODEL, "/models/a");
    assertThat(KafkaOptions.from(configuration, "captioning").toString()).doesNotContain("hunter2");
    assertThat(JobOptions.from(configuration, "captioning").toString()).doesNotContain("hunter2");
    assertThat(JobConfiguration.parse(List.of("sasl.jaas.config=hunter2")).problems())
        .singleElement()
        .asString()
        .doesNotContain("hunter2");
  }
}
