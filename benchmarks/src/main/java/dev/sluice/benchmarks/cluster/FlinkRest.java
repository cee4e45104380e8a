package dev.sluice.benchmarks.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What tests ask a cluster over its REST interface. Thread-safe. */
public final class FlinkRest {
  private static final String BOUNDARY = "sluice-boundary";

  private final JsonRest rest;

  /**
   * @param root of the JobManager's interface
   */
  public FlinkRest(URI root) {
    this.rest = new JsonRest(root);
  }

  /** Ids of the TaskManagers that have slots. */
  public List<String> taskManagers() throws IOException {
    List<String> ids = new ArrayList<>();
    rest.get("/taskmanagers")
        .path("taskmanagers")
        .forEach(each -> ids.add(each.path("id").asText()));
    return ids;
  }

  /** Ids of the TaskManagers that have slots in use. */
  public List<String> busyTaskManagers() throws IOException {
    List<String> ids = new ArrayList<>();
    for (JsonNode each : rest.get("/taskmanagers").path("taskmanagers")) {
      if (each.path("freeSlots").asInt() < each.path("slotsNumber").asInt()) {
        ids.add(each.path("id").asText());
      }
    }
    return ids;
  }

  /** Each job's state by its id. */
  public Map<String, String> jobs() throws IOException {
    Map<String, String> states = new TreeMap<>();
    rest.get("/jobs")
        .path("jobs")
        .forEach(job -> states.put(job.path("id").asText(), job.path("status").asText()));
    return states;
  }

  /** Whether every task of a job runs. */
  public boolean isRunning(String job) throws IOException {
    JsonNode details = rest.get("/jobs/" + job);
    int tasks = 0;
    for (JsonNode vertex : details.path("vertices")) {
      tasks += vertex.path("parallelism").asInt();
    }
    return details.path("state").asText().equals("RUNNING")
        && details.path("status-counts").path("RUNNING").asInt() == details.path("vertices").size()
        && tasks > 0
        && runningTasks(details) == tasks;
  }

  public int completedCheckpoints(String job) throws IOException {
    return rest.get("/jobs/" + job + "/checkpoints").path("counts").path("completed").asInt();
  }

  /** Every checkpoint that the JobManager remembers (web.checkpoints.history), oldest first. */
  public List<Checkpoint> checkpoints(String job) throws IOException {
    List<Checkpoint> all = new ArrayList<>();
    for (JsonNode each : rest.get("/jobs/" + job + "/checkpoints").path("history")) {
      all.add(
          0,
          new Checkpoint(
              each.path("status").asText(),
              each.path("trigger_timestamp").asLong(),
              each.path("end_to_end_duration").asLong(),
              each.path("state_size").asLong()));
    }
    return all;
  }

  /**
   * A checkpoint. Immutable.
   *
   * @param status IN_PROGRESS, COMPLETED or FAILED
   * @param triggeredMillis since the epoch
   */
  public record Checkpoint(
      String status, long triggeredMillis, long durationMillis, long stateBytes) {
    public boolean isCompleted() {
      return status.equals("COMPLETED");
    }
  }

  /** A job's metrics whose names match, as far as they are numbers; of all its subtasks. */
  public Map<String, Double> jobMetrics(String job, Pattern names) throws IOException {
    Map<String, Double> values = new TreeMap<>();
    for (JsonNode vertex : rest.get("/jobs/" + job).path("vertices")) {
      String path = "/jobs/" + job + "/vertices/" + vertex.path("id").asText() + "/metrics";
      for (JsonNode metric : rest.get(path)) {
        String name = metric.path("id").asText();
        if (names.matcher(name).matches()) {
          rest.get(path + "?get=" + URLEncoder.encode(name, StandardCharsets.UTF_8))
              .forEach(each -> values.put(name, each.path("value").asDouble()));
        }
      }
    }
    return values;
  }

  /** Uploads a job jar; the id is for {@link #run}. */
  public String upload(Path jar) throws IOException {
    byte[] head =
        ("--%s\r\nContent-Disposition: form-data; name=\"jarfile\"; filename=\"%s\"\r\n"
                    .formatted(BOUNDARY, jar.getFileName())
                + "Content-Type: application/java-archive\r\n\r\n")
            .getBytes(StandardCharsets.UTF_8);
    byte[] tail = ("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8);
    JsonNode reply =
        rest.send(
            rest.request("/jars/upload")
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(BodyPublishers.ofByteArrays(List.of(head, Files.readAllBytes(jar), tail))));
    String stored = reply.path("filename").asText();
    return stored.substring(stored.lastIndexOf('/') + 1);
  }

  /** Runs an uploaded jar; the job's id. */
  public String run(String jar, List<String> arguments) throws IOException {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    arguments.forEach(body.putArray("programArgsList")::add);
    return rest.post("/jars/" + jar + "/run", body).path("jobid").asText();
  }

  public void cancel(String job) throws IOException {
    rest.send(
        rest.request("/jobs/" + job + "?mode=cancel").method("PATCH", BodyPublishers.noBody()));
    await(() -> "CANCELED".equals(jobs().get(job)));
  }

  /** Stops a job with a savepoint; the savepoint's location. */
  public String stopWithSavepoint(String job, Path folder) throws IOException {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("targetDirectory", folder.toUri().toString());
    body.put("formatType", "CANONICAL");
    String trigger = rest.post("/jobs/" + job + "/stop", body).path("request-id").asText();
    String status = "/jobs/" + job + "/savepoints/" + trigger;
    await(() -> rest.get(status).path("status").path("id").asText().equals("COMPLETED"));
    JsonNode operation = rest.get(status).path("operation");
    if (!operation.path("location").isTextual()) {
      throw new IOException("savepoint of " + job + ": " + operation.path("failure-cause"));
    }
    await(() -> "FINISHED".equals(jobs().get(job)));
    return operation.path("location").asText();
  }

  /** Metrics of a TaskManager's process by name. */
  public Map<String, Long> metrics(String taskManager, List<String> names) throws IOException {
    Map<String, Long> values = new TreeMap<>();
    rest.get("/taskmanagers/" + taskManager + "/metrics?get=" + String.join(",", names))
        .forEach(each -> values.put(each.path("id").asText(), each.path("value").asLong()));
    return values;
  }

  /** Waits for something that the cluster will say. */
  public static void await(Question question) throws IOException {
    long deadline = System.nanoTime() + JsonRest.TIMEOUT.toNanos();
    while (true) {
      try {
        if (question.isAnswered()) {
          return;
        }
      } catch (IOException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
      }
      if (System.nanoTime() > deadline) {
        throw new IOException("no answer within " + JsonRest.TIMEOUT);
      }
      JsonRest.pause();
    }
  }

  private static int runningTasks(JsonNode details) {
    int running = 0;
    for (JsonNode vertex : details.path("vertices")) {
      running += vertex.path("tasks").path("RUNNING").asInt();
    }
    return running;
  }

  /** Something that becomes true. */
  @FunctionalInterface
  public interface Question {
    boolean isAnswered() throws IOException;
  }
}
