package dev.sluice.jobs.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.jobs.captioning.CaptioningJob;
import dev.sluice.jobs.captioning.JobMain;
import dev.sluice.jobs.demo.ChildJvm;
import dev.sluice.jobs.demo.KafkaBroker;
import dev.sluice.jobs.embedded.EmbeddedModel;
import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Picture;
import dev.sluice.serde.kafka.ImageRecords;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A job logs in to Kafka with what is passed through, and shows none of it: not in its log, Kafka's
 * and Flink's own lines at DEBUG included, and on no page of Flink's.
 */
class KafkaSecretsITCase {
  private static final String PASSWORD = "hunter2-password";
  private static final String SECRET = "hunter2";
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir private static Path home;
  private static KafkaBroker broker;

  @TempDir private Path folder;

  @BeforeAll
  static void startBrokerThatAsksForAPassword() throws Exception {
    broker =
        KafkaBroker.start(
            home,
            List.of(
                "listener.security.protocol.map=PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
                "sasl.enabled.mechanisms=PLAIN",
                "sasl.mechanism.inter.broker.protocol=PLAIN",
                "listener.name.plaintext.plain.sasl.jaas.config="
                    + jaas(
                        "broker", "own", " user_broker=\"own\" user_sluice=\"" + PASSWORD + "\"")));
    try (Admin admin = Admin.create(client(PASSWORD))) {
      admin
          .createTopics(
              List.of("images", "captions", "rejected").stream()
                  .map(topic -> new NewTopic(topic, 1, (short) 1))
                  .toList())
          .all()
          .get();
    }
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void jobThatLogsIn_showsNoSecret() throws Exception {
    send();
    int port = freePort();
    try (ChildJvm job = start(port, PASSWORD, "SASL_PLAINTEXT")) {
      awaitResult(job);
      String pages = pages(port);
      job.kill();

      assertThat(pages).contains("RUNNING");
      assertNoSecret(pages, job);
    }
  }

  @Test
  void jobWithAWrongPassword_showsNoSecret() throws Exception {
    assertFailsWithoutSecret("hunter2-wrong", "SASL_PLAINTEXT", "SaslAuthenticationException");
  }

  @Test
  void jobWithAKeystoreThatIsNotThere_showsNoSecret() throws Exception {
    assertFailsWithoutSecret(PASSWORD, "SASL_SSL", "Failed to load SSL keystore");
  }

  private void assertFailsWithoutSecret(String password, String protocol, String reason)
      throws Exception {
    int port = freePort();
    try (ChildJvm job = start(port, password, protocol)) {
      await("the failure on Flink's page")
          .atMost(PATIENCE)
          .ignoreExceptions()
          .until(() -> !job.process().isAlive() || pages(port).contains(reason));
      String pages = pages(port);
      job.kill();

      assertThat(pages).contains(reason);
      assertNoSecret(pages, job);
    }
  }

  /** The log holds the clients' configurations, so that there is something to find. */
  private static void assertNoSecret(String pages, ChildJvm job) throws IOException {
    assertThat(pages.lines().filter(line -> line.contains(SECRET))).isEmpty();
    List<String> log = Files.readAllLines(job.log());
    assertThat(log)
        .as("clients' configurations in the log")
        .anyMatch(line -> line.contains("sasl.jaas.config = [hidden]"));
    assertThat(log).filteredOn(line -> line.contains(SECRET)).isEmpty();
  }

  private ChildJvm start(int port, String password, String protocol) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                JobMain.class.getName(),
                CaptioningJob.NAME,
                "--model=" + EmbeddedModel.directory(),
                "--kafka.bootstrap-servers=" + broker.bootstrapServers(),
                "--decode.max-new-tokens=2",
                "-Dparallelism.default=1",
                "-Drest.bind-port=" + port,
                "-Drest.address=127.0.0.1",
                "-Dio.tmp.dirs=" + folder.resolve("tmp"),
                "-Dweb.tmpdir=" + folder.resolve("web"),
                "-Drestart-strategy.type=fixed-delay",
                "-Drestart-strategy.fixed-delay.attempts=1000",
                "-Dexecution.checkpointing.interval=500 ms"));
    properties(password, protocol)
        .forEach((key, value) -> arguments.add("--kafka.properties." + key + "=" + value));
    return JobJvm.start(
        arguments,
        folder.resolve("job.log"),
        "-Dsluice.log=debug",
        "-Dsluice.log.kafka=debug",
        "-Dsluice.log.flink=debug");
  }

  /** All kinds of secrets that Kafka's clients take. */
  private Map<String, String> properties(String password, String protocol) {
    return Map.of(
        "security.protocol",
        protocol,
        "sasl.mechanism",
        "PLAIN",
        "sasl.jaas.config",
        jaas("sluice", password, ""),
        "ssl.keystore.location",
        folder.resolve("no-keystore.jks").toString(),
        "ssl.keystore.password",
        SECRET + "-keystore",
        "ssl.key.password",
        SECRET + "-key",
        "ssl.truststore.password",
        SECRET + "-truststore",
        "ssl.truststore.certificates",
        SECRET + "-pem");
  }

  private static String jaas(String user, String password, String more) {
    return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\""
            .formatted(user)
        + " password=\"%s\"%s;".formatted(password, more);
  }

  /** Everything that Flink's page can show of its only job. */
  private static String pages(int port) throws IOException, InterruptedException {
    JsonNode jobs = JSON.readTree(page(port, "/jobs")).path("jobs");
    String job = "/jobs/" + jobs.path(0).path("id").asText();
    StringBuilder pages = new StringBuilder();
    List<String> paths =
        new ArrayList<>(
            List.of(
                "/config",
                "/jobmanager/config",
                "/jobmanager/environment",
                "/jobs/overview",
                "/taskmanagers",
                job,
                job + "/config",
                job + "/exceptions",
                job + "/plan",
                job + "/jobmanager/config",
                job + "/checkpoints/config"));
    for (JsonNode vertex : JSON.readTree(page(port, job)).path("vertices")) {
      paths.add(job + "/vertices/" + vertex.path("id").asText());
      paths.add(job + "/vertices/" + vertex.path("id").asText() + "/accumulators");
    }
    for (String path : paths) {
      pages.append(path).append('\n').append(page(port, path)).append('\n');
    }
    return pages.toString();
  }

  private static String page(int port, String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
    HttpResponse<String> response = HTTP.send(request, BodyHandlers.ofString());
    return response.body();
  }

  private static Map<String, Object> client(String password) {
    return new HashMap<>(
        Map.of(
            "bootstrap.servers",
            broker.bootstrapServers(),
            "security.protocol",
            "SASL_PLAINTEXT",
            "sasl.mechanism",
            "PLAIN",
            "sasl.jaas.config",
            jaas("sluice", password, "")));
  }

  private static void send() throws Exception {
    byte[] notAPicture = {1, 2, 3};
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            client(PASSWORD), new ByteArraySerializer(), new ByteArraySerializer())) {
      producer
          .send(
              ImageRecords.toProducerRecord(
                  ImageEvent.of(
                      EventIdentity.of("event", Instant.now()), Picture.ofBytes(notAPicture, null)),
                  "images"))
          .get();
    }
  }

  private static void awaitResult(ChildJvm job) throws IOException {
    Map<String, Object> properties = client(PASSWORD);
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, "verifier");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of("rejected"));
      await("a result")
          .atMost(PATIENCE)
          .until(
              () -> !job.process().isAlive() || !consumer.poll(Duration.ofMillis(200)).isEmpty());
    }
    assertThat(job.process().isAlive()).as(Files.readString(job.log())).isTrue();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
