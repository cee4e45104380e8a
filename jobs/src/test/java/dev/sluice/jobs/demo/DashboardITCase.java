package dev.sluice.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.jobs.captioning.CaptioningJob;
import dev.sluice.jobs.embedded.EmbeddedModel;
import dev.sluice.jobs.local.LocalCluster;
import dev.sluice.jobs.moderation.ModerationJob;
import dev.sluice.jobs.stream.JobOptions;
import dev.sluice.jobs.stream.KafkaOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every query of the board finds its metrics, with its labels, in a running job's own scrape. */
class DashboardITCase {
  private static final Path BOARD = Path.of("..", "deploy", "grafana", "sluice.json");
  private static final int PICTURES = 6;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final Pattern METRIC = Pattern.compile("\\b(flink_\\w+)(?:\\{([^}]*)\\})?");
  private static final Pattern LABEL = Pattern.compile("(\\w+)\\s*=~?\\s*\"");
  private static final Pattern SAMPLE = Pattern.compile("^(flink_\\w+)\\{([^}]*)\\}");
  private static final Pattern SCRAPED_LABEL = Pattern.compile("(\\w+)=\"");

  @Test
  void everyQueryOfTheBoard_findsItsMetricsInAScrape(@TempDir Path folder) throws Exception {
    Set<Series> scraped = seriesOf(scrapeOfRunningJobs(folder));

    for (String query : queries()) {
      for (Series asked : seriesOf(query, METRIC, LABEL)) {
        assertThat(scraped)
            .as(query)
            .anyMatch(
                series ->
                    series.name.equals(asked.name) && series.labels.containsAll(asked.labels));
      }
    }
  }

  private static List<String> queries() throws IOException {
    List<String> queries = new ArrayList<>();
    JsonNode board = JsonMapper.builder().build().readTree(BOARD.toFile());
    for (JsonNode panel : board.get("panels")) {
      for (JsonNode target : panel.path("targets")) {
        queries.add(target.get("expr").asText());
      }
    }
    assertThat(queries).hasSizeGreaterThan(20);
    return queries;
  }

  private static String scrapeOfRunningJobs(Path folder) throws Exception {
    int port = freePort();
    DemoPictures pictures = DemoPictures.scenes(OptionalInt.of(PICTURES));
    try (KafkaBroker broker = KafkaBroker.start(Files.createDirectory(folder.resolve("kafka")))) {
      broker.createTopics(List.of("images", "captions", "verdicts", "rejected"), 1);
      String servers = broker.bootstrapServers();
      try (DemoProducer producer =
              new DemoProducer(servers, "images", pictures, DemoProducer.Ending.GO_ON);
          LocalCluster cluster =
              LocalCluster.start(folder.resolve("flink"), 2, prometheusReporter(port))) {
        producer.start();
        Configuration options = options(servers, folder);
        cluster.submit("captioning", env -> CaptioningJob.define(env, options));
        cluster.submit("moderation", env -> ModerationJob.define(env, options));
        HttpClient client = HttpClient.newHttpClient();
        Pattern captioned =
            Pattern.compile("sluice_workMicros_count.*operator_name=\"caption\".* [1-9]");
        await()
            .atMost(PATIENCE)
            .pollInterval(Duration.ofSeconds(1))
            .until(() -> captioned.matcher(scrape(client, port)).find());
        return scrape(client, port);
      }
    }
  }

  private static Configuration prometheusReporter(int port) {
    Configuration reporter = new Configuration();
    reporter.setString(
        "metrics.reporter.prometheus.factory.class",
        "org.apache.flink.metrics.prometheus.PrometheusReporterFactory");
    reporter.setString("metrics.reporter.prometheus.port", String.valueOf(port));
    return reporter;
  }

  private static Configuration options(String servers, Path folder) {
    Configuration options = new Configuration();
    options.set(JobOptions.MODEL, EmbeddedModel.directory().toString());
    options.set(KafkaOptions.BOOTSTRAP_SERVERS, servers);
    options.set(
        ModerationJob.POLICY, EmbeddedModel.writePolicy(folder.resolve("policy.json")).toString());
    return options;
  }

  private static String scrape(HttpClient client, int port)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + "/metrics");
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Set<Series> seriesOf(String scrape) {
    return scrape
        .lines()
        .flatMap(line -> seriesOf(line, SAMPLE, SCRAPED_LABEL).stream())
        .collect(Collectors.toSet());
  }

  private static List<Series> seriesOf(String text, Pattern metric, Pattern label) {
    List<Series> found = new ArrayList<>();
    Matcher metrics = metric.matcher(text);
    while (metrics.find()) {
      Set<String> labels = new TreeSet<>();
      Matcher names = label.matcher(metrics.group(2) == null ? "" : metrics.group(2));
      while (names.find()) {
        labels.add(names.group(1));
      }
      found.add(new Series(metrics.group(1), labels));
    }
    return found;
  }

  /** A metric with the names of its labels. Immutable. */
  private record Series(String name, Set<String> labels) {}
}
