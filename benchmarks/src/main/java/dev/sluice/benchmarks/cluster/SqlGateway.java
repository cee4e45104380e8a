package dev.sluice.benchmarks.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A session with Flink's SQL gateway, which it ends with, through the gateway's REST. One thread's.
 */
public final class SqlGateway implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final ClusterProcess process;
  private final JsonRest rest;
  private final String session;

  private SqlGateway(ClusterProcess process, URI root) throws IOException {
    this.process = process;
    this.rest = new JsonRest(root);
    FlinkRest.await(() -> rest.get("/v3/info").has("version"));
    this.session =
        "/v3/sessions/" + rest.post("/v3/sessions", Map.of()).path("sessionHandle").asText();
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
        rest.post(session + "/statements", Map.of("statement", statement))
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
      JsonNode page = rest.get(next);
      if (page.path("resultType").asText().equals("NOT_READY")) {
        JsonRest.pause();
      } else {
        page.path("results").path("data").forEach(row -> rows.add(row.path("fields")));
      }
      next = page.path("nextResultUri").asText();
    }
    return rows;
  }

  @Override
  public void close() {
    process.close();
  }
}
