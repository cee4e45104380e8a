package dev.sluice.jobs.describe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.jobs.demo.KafkaBroker;
import dev.sluice.jobs.embedded.EmbeddedModel;
import dev.sluice.jobs.local.LocalFlink;
import dev.sluice.jobs.stream.KafkaOptions;
import dev.sluice.jobs.stream.Results;
import dev.sluice.operators.DescribeOptions;
import dev.sluice.operators.ModelOptions;
import dev.sluice.operators.VisionOptions;
import dev.sluice.serde.Description;
import dev.sluice.serde.Description.Part;
import dev.sluice.serde.Description.PartProvenance;
import dev.sluice.serde.Description.Region;
import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Picture;
import dev.sluice.serde.Rejection;
import dev.sluice.serde.json.JsonRecords;
import dev.sluice.serde.json.RecordFormatException;
import dev.sluice.serde.kafka.ImageRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The job through Kafka on photographs: the embedded model captions and cuts regions, tiny golden
 * models caption these, match and merge.
 */
class DescribeJobITCase {
  private static final Path GOLDENS = Path.of("../models/src/test/resources/goldens");
  private static final List<Path> PHOTOGRAPHS =
      List.of(GOLDENS.resolve("pictures"), Path.of("src/test/resources/photographs"));
  private static final int PICTURES = 20;
  private static final Duration PATIENCE = Duration.ofMinutes(6);

  private final List<Description> descriptions = new ArrayList<>();
  private final List<Rejection> rejections = new ArrayList<>();

  @TempDir private Path folder;

  @Test
  void allModels_describeEveryPictureOnEveryLevel() throws Exception {
    Configuration models = models();
    models.set(DescribeOptions.REGION_MODEL, golden("blip_caption"));
    models.set(DescribeOptions.MATCH_MODEL, golden("blip_itm"));
    models.set(DescribeOptions.MERGE_MODEL, golden("llava"));

    List<Path> photographs = photographs();
    assertThat(photographs).hasSize(PICTURES);
    run(models, photographs);

    assertThat(rejections).singleElement().satisfies(DescribeJobITCase::assertUnreadable);
    assertThat(descriptions)
        .hasSize(PICTURES)
        .extracting(description -> description.identity().eventId())
        .doesNotHaveDuplicates();
    for (Description description : descriptions) {
      assertThat(description.absent()).isEmpty();
      assertThat(description.merged()).isNotBlank();
      assertThat(description.global().score()).isBetween(0.0, 1.0);
      assertThat(description.parts())
          .extracting(part -> part.provenance().model().family())
          .containsExactly("llava-uhd", "blip", "blip", "llava");
      assertRegionsLieInTheirPicture(description);
      for (Region region : description.regions()) {
        Double score = region.caption().score();
        assertThat(score).isBetween(0.0, 1.0);
        assertThat(region.caption().kept()).isEqualTo(score >= 0.4);
      }
    }
    assertThat(descriptions).anyMatch(description -> description.regions().size() > 1);
  }

  @Test
  void withoutMatchAndMergeModels_theRecordNamesThem() throws Exception {
    run(models(), photographs().subList(0, 3));

    assertThat(descriptions).hasSize(3);
    for (Description description : descriptions) {
      assertThat(description.absent()).containsExactly(Part.MATCH, Part.MERGE);
      assertThat(description.merged()).isNull();
      assertThat(description.global().text()).isNotBlank();
      assertThat(description.global().score()).isNull();
      assertThat(description.regions())
          .allSatisfy(region -> assertThat(region.caption().kept()).isTrue());
    }
  }

  private static void assertUnreadable(Rejection rejection) {
    assertThat(rejection.category()).isEqualTo(Rejection.Category.UNREADABLE_IMAGE);
    assertThat(rejection.stage()).isEqualTo(Rejection.Stage.DESCRIBE);
  }

  private static void assertRegionsLieInTheirPicture(Description description) {
    PartProvenance captioning = description.parts().get(0);
    var plan = captioning.provenance().slicePlan();
    assertThat(description.regions()).hasSize(plan.sliceCount());
    for (Region region : description.regions()) {
      assertThat(region.x() + region.width()).isBetween(1, plan.source().width());
      assertThat(region.y() + region.height()).isBetween(1, plan.source().height());
    }
  }

  private static Configuration models() {
    return new Configuration()
        .set(DescribeOptions.CAPTION_MODEL, EmbeddedModel.directory().toString())
        .set(DescribeOptions.MATCH_THRESHOLD, 0.4)
        .set(DescribeOptions.MERGE_MAX_NEW_TOKENS, 6)
        .set(VisionOptions.MAX_NEW_TOKENS, 4)
        .set(ModelOptions.DEVICE_THREADS, 1);
  }

  private static String golden(String name) {
    return GOLDENS.resolve(name).resolve("ckpt").toString();
  }

  /** Sends the pictures and an unreadable one, and waits for all results. */
  private void run(Configuration models, List<Path> pictures) throws Exception {
    try (KafkaBroker broker = KafkaBroker.start(Files.createDirectory(folder.resolve("kafka")))) {
      broker.createTopics(List.of("images", "descriptions", "rejected"), 1);
      produce(broker, pictures);
      Configuration configuration = LocalFlink.configuration(folder, 0);
      configuration.addAll(models);
      configuration.set(KafkaOptions.BOOTSTRAP_SERVERS, broker.bootstrapServers());
      configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(500));
      StreamExecutionEnvironment env =
          StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
      DescribeJob.define(env, configuration);
      JobClient job = env.executeAsync(DescribeJob.NAME);
      try (KafkaConsumer<byte[], byte[]> consumer =
          Results.committed(broker, List.of("descriptions", "rejected"))) {
        await("results").atMost(PATIENCE).until(() -> read(consumer) > pictures.size());
      } finally {
        job.cancel().get();
      }
    }
  }

  private static void produce(KafkaBroker broker, List<Path> pictures) throws IOException {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (Path picture : pictures) {
        send(producer, picture.getFileName().toString(), Files.readAllBytes(picture));
      }
      send(producer, "event-broken", new byte[] {1, 2, 3});
    }
  }

  private static List<Path> photographs() throws IOException {
    List<Path> photographs = new ArrayList<>();
    for (Path folder : PHOTOGRAPHS) {
      try (Stream<Path> files = Files.list(folder)) {
        files.filter(file -> file.toString().matches(".*[.](jpg|png)")).forEach(photographs::add);
      }
    }
    return photographs.stream().sorted().toList();
  }

  private static void send(KafkaProducer<byte[], byte[]> producer, String id, byte[] picture) {
    var unused =
        producer.send(
            ImageRecords.toProducerRecord(
                ImageEvent.of(EventIdentity.of(id, Instant.now()), Picture.ofBytes(picture, null)),
                "images"));
  }

  /** Reads what is committed; says how many results there are by now. */
  private int read(KafkaConsumer<byte[], byte[]> consumer) throws RecordFormatException {
    for (ConsumerRecord<byte[], byte[]> result : consumer.poll(Duration.ofMillis(200))) {
      if (result.topic().equals("rejected")) {
        rejections.add(JsonRecords.rejection(result.value()));
      } else {
        descriptions.add(JsonRecords.description(result.value()));
      }
    }
    return descriptions.size() + rejections.size();
  }
}
