package dev.sluice.jobs.watch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads the metrics of running jobs from Flink's REST interface. Thread-safe. */
final class FlinkRest {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** Keeps an address at a length that every server takes. */
  private static final int MOST_NAMES = 40;

  /** {@code 0.Source__images.sluice.credits}: subtask, operator, and what the page shows of it. */
  private static final Pattern SHOWN =
      Pattern.compile(
          "(\\d+)\\.(.+?)\\.(numRecordsOutPerSecond|pendingRecords|sluice\\.(?:bottleneck|credits"
              + "|inFlight|admitted|waitMicros_median|limit\\..*|device\\.[^.]+\\.(?!work).*))");

  private final JsonMapper json = JsonMapper.builder().build();
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final URI base;

  /**
   * @param base such as {@code http://127.0.0.1:8081}
   */
  FlinkRest(URI base) {
    this.base = base;
  }

  /** A job that runs. */
  record Job(String id, String name) {}

  /** One metric of one subtask's operator. */
  record Sample(String operator, String name, String value) {}

  List<Job> runningJobs() throws IOException, InterruptedException {
    List<Job> running = new ArrayList<>();
    for (JsonNode job : get("/jobs/overview").path("jobs")) {
      if (job.path("state").asText().equals("RUNNING")) {
        running.add(new Job(job.path("jid").asText(), job.path("name").asText()));
      }
    }
    return running;
  }

  List<Sample> samples(Job job) throws IOException, InterruptedException {
    List<Sample> samples = new ArrayList<>();
    for (JsonNode vertex : get("/jobs/" + job.id).path("vertices")) {
      String metrics = "/jobs/" + job.id + "/vertices/" + vertex.path("id").asText() + "/metrics";
      List<String> names = new ArrayList<>();
      for (JsonNode metric : get(metrics)) {
        if (SHOWN.matcher(metric.path("id").asText()).matches()) {
          names.add(metric.path("id").asText());
        }
      }
      for (int i = 0; i < names.size(); i += MOST_NAMES) {
        samples.addAll(values(metrics, names.subList(i, Math.min(names.size(), i + MOST_NAMES))));
      }
    }
    return samples;
  }

  private List<Sample> values(String metrics, List<String> names)
      throws IOException, InterruptedException {
    String asked =
        names.stream()
            .map(name -> URLEncoder.encode(name, StandardCharsets.UTF_8))
            .collect(Collectors.joining(","));
    List<Sample> samples = new ArrayList<>();
    for (JsonNode metric : get(metrics + "?get=" + asked)) {
      Matcher name = SHOWN.matcher(metric.path("id").asText());
      if (name.matches()) {
        samples.add(new Sample(name.group(2), name.group(3), metric.path("value").asText()));
      }
    }
    return samples;
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(base.resolve(path)).timeout(PATIENCE).build();
    HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
    if (response.statusCode() != 200) {
      throw new IOException(
          "Flink at " + base + ": expected status 200, found " + response.statusCode());
    }
    return json.readTree(response.body());
  }
}
