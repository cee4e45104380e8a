package dev.sluice.jobs.watch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Serves the page, its previews and its events to this machine alone. Thread-safe.
 *
 * <p>What is shown came from strangers. So the page may load nothing but what is served here, runs
 * no script of a record's making, and is refused to any other host name: a page of somebody else's
 * cannot reach it by pointing its own name at the loopback address.
 */
final class WatchServer implements AutoCloseable {
  private static final int MOST_CONNECTIONS = 64;
  private static final String ASSETS = "page/";
  private static final String PREVIEWS = "/previews/";

  private static final Map<String, String> TYPES =
      Map.of(
          "index.html", "text/html; charset=utf-8",
          "watch.css", "text/css; charset=utf-8",
          "icon.svg", "image/svg+xml",
          "watch.js", "text/javascript; charset=utf-8",
          "card.js", "text/javascript; charset=utf-8",
          "feed.js", "text/javascript; charset=utf-8",
          "flow.js", "text/javascript; charset=utf-8",
          "dom.js", "text/javascript; charset=utf-8");

  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
              + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Cache-Control",
          "no-store");

  private final HttpServer server;
  private final ExecutorService threads;
  private final Previews previews;
  private final EventStream events;
  private final Set<String> hosts;

  private WatchServer(HttpServer server, Previews previews, EventStream events) {
    this.server = server;
    this.previews = previews;
    this.events = events;
    int port = server.getAddress().getPort();
    this.hosts = Set.of("127.0.0.1:" + port, "localhost:" + port);
    this.threads =
        new ThreadPoolExecutor(
            0,
            MOST_CONNECTIONS,
            10,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            WatchServer::thread,
            new ThreadPoolExecutor.CallerRunsPolicy());
  }

  /**
   * @param port 0 for any
   * @throws IOException if somebody else has the port
   */
  static WatchServer start(int port, Previews previews, EventStream events) throws IOException {
    HttpServer server;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (BindException e) {
      throw new IOException("port " + port + ": in use; give another one with --port", e);
    }
    WatchServer watch = new WatchServer(server, previews, events);
    server.setExecutor(watch.threads);
    server.createContext("/", watch::handle);
    server.start();
    return watch;
  }

  URI page() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  @Override
  public void close() {
    events.close();
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      HEADERS.forEach(exchange.getResponseHeaders()::set);
      if (!hosts.contains(String.valueOf(exchange.getRequestHeaders().getFirst("Host")))) {
        send(exchange, 403, "text/plain", "this page is for this machine alone");
      } else if (!exchange.getRequestMethod().equals("GET")) {
        send(exchange, 405, "text/plain", "expected GET");
      } else {
        get(exchange, exchange.getRequestURI().getRawPath());
      }
    }
  }

  private void get(HttpExchange exchange, String path) throws IOException {
    if (path.equals("/events")) {
      events.serve(exchange);
    } else if (path.startsWith(PREVIEWS)) {
      sendPreview(exchange, path.substring(PREVIEWS.length()));
    } else {
      sendAsset(exchange, path.equals("/") ? "index.html" : path.substring(1));
    }
  }

  private void sendPreview(HttpExchange exchange, String name) throws IOException {
    Optional<byte[]> jpeg = decoded(name).flatMap(previews::get);
    if (jpeg.isPresent()) {
      send(exchange, 200, "image/jpeg", jpeg.get());
    } else {
      send(exchange, 404, "text/plain", "no preview of this picture");
    }
  }

  private static Optional<String> decoded(String name) {
    try {
      return Optional.of(URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static void sendAsset(HttpExchange exchange, String name) throws IOException {
    String type = TYPES.get(name);
    if (type == null) {
      send(exchange, 404, "text/plain", "no such page");
    } else {
      send(exchange, 200, type, asset(name));
    }
  }

  private static byte[] asset(String name) {
    try (@Nullable InputStream found = WatchServer.class.getResourceAsStream(ASSETS + name)) {
      if (found == null) {
        throw new IllegalStateException("page " + name + ": not among the resources");
      }
      return found.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("page " + name + ": cannot be read", e);
    }
  }

  private static void send(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    send(exchange, status, type, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "watch-http");
    thread.setDaemon(true);
    return thread;
  }
}
