package dev.sluice.jobs.watch;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Sends a board's changes and the stream's state to open pages, as server-sent events. Thread-safe;
 * each page holds one thread.
 *
 * <p>An event's id names this process and the last change that the event holds, so a page that
 * comes back goes on where it was, and begins anew where the process is another one.
 */
final class EventStream implements AutoCloseable {
  private static final int MOST_PAGES = 16;
  private static final int MOST_CARDS = 100;
  private static final long PATIENCE_MILLIS = 1000;

  /** Changes are collected for a moment, so that a fast stream is not one event for each. */
  private static final long PAUSE_MILLIS = 100;

  private final Board board;
  private final Supplier<JsonNode> state;
  private final String instance = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
  private final Semaphore pages = new Semaphore(MOST_PAGES);
  private volatile boolean closed;

  /**
   * @param state what the stream as a whole is doing; asked about once a second for each page
   */
  EventStream(Board board, Supplier<JsonNode> state) {
    this.board = board;
    this.state = state;
  }

  /** Sends until the page is left. */
  void serve(HttpExchange exchange) throws IOException {
    if (!pages.tryAcquire()) {
      exchange.sendResponseHeaders(503, -1);
      return;
    }
    try {
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
      send(exchange.getResponseBody(), lastKnown(exchange));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      pages.release();
    }
  }

  @Override
  public void close() {
    closed = true;
  }

  private void send(OutputStream out, long first) throws IOException, InterruptedException {
    long known = first;
    long stateSent = 0;
    while (!closed) {
      Board.Changes changes = board.after(known, MOST_CARDS, PATIENCE_MILLIS);
      known = changes.version();
      if (!changes.cards().isEmpty()) {
        write(out, "cards", known, CardJson.of(changes));
      }
      long now = System.currentTimeMillis();
      if (now - stateSent >= PATIENCE_MILLIS) {
        stateSent = now;
        write(out, "state", known, state.get());
      }
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  /** JSON has no line breaks of its own, so an event is one line of data. */
  private void write(OutputStream out, String event, long id, JsonNode data) throws IOException {
    String text = "id: " + instance + "." + id + "\nevent: " + event + "\ndata: " + data + "\n\n";
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private long lastKnown(HttpExchange exchange) {
    String id = String.valueOf(exchange.getRequestHeaders().getFirst("Last-Event-ID"));
    try {
      return id.startsWith(instance + ".")
          ? Long.parseLong(id.substring(instance.length() + 1))
          : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
