package dev.sluice.benchmarks.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A session with Flink's SQL gateway, which it ends with, through the gateway's REST. One thread's.
 */
public final class SqlGateway implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final ClusterProcess process;
  private final URI root;
  private final HttpClient http = HttpClient.newHttpClient();
  private final JsonMapper json = new JsonMapper();
  private final String session;

  private SqlGateway(ClusterProcess process, URI root) throws IOException {
    this.process = process;
    this.root = root;
    FlinkRest.await(() -> get("/v3/info").has("version"));
    this.session = "/v3/sessions/" + post("/v3/sessions", Map.of()).path("sessionHandle").asText();
  }

  /**
   * Waits until the gateway answers.
   *
   * @param process ends with the session
   */
  static SqlGateway open(ClusterProcess process, int port) throws IOException {
    try {
      return new SqlGateway(process, URI.create("http://127.0.0.1:" + port));
    } catch (Throwable e) {
      process.close();
      throw e;
    }
  }

  /**
   * Runs a statement to its end.
   *
   * @return the fields of each row
   * @throws IOException with what the gateway says, if it fails
   */
  public List<JsonNode> execute(String statement) throws IOException {
    String operation =
        post(session + "/statements", Map.of("statement", statement))
            .path("operationHandle")
            .asText();
    String next = session + "/operations/" + operation + "/result/0?rowFormat=JSON";
    List<JsonNode> rows = new ArrayList<>();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!next.isEmpty()) {
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "statement: expected an end within %s, found %d rows; log in %s"
                .formatted(PATIENCE, rows.size(), process.log()));
      }
      JsonNode page = get(next);
      if (page.path("resultType").asText().equals("NOT_READY")) {
        pause();
      } else {
        page.path("results").path("data").forEach(row -> rows.add(row.path("fields")));
      }
      next = page.path("nextResultUri").asText();
    }
    return rows;
  }

  private JsonNode get(String path) throws IOException {
    return send(HttpRequest.newBuilder(root.resolve(path)).GET());
  }

  private JsonNode post(String path, Map<String, String> body) throws IOException {
    return send(
        HttpRequest.newBuilder(root.resolve(path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(json.writeValueAsBytes(body))));
  }

  private JsonNode send(HttpRequest.Builder request) throws IOException {
    try {
      var response = http.send(request.timeout(TIMEOUT).build(), BodyHandlers.ofByteArray());
      if (response.statusCode() >= 300) {
        throw new IOException(
            response.uri() + ": " + new String(response.body(), StandardCharsets.UTF_8));
      }
      return json.readTree(response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
