package dev.sluice.operators.fetch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/** A server on loopback that remembers what it was asked for. Thread-safe. */
public final class PictureServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> asked = new CopyOnWriteArrayList<>();

  private PictureServer(HttpServer server) {
    this.server = server;
    server.setExecutor(threads);
    server.start();
  }

  public static PictureServer start() throws IOException {
    return new PictureServer(HttpServer.create(anyPort(), 0));
  }

  static PictureServer start(SSLContext tls) throws IOException {
    HttpsServer server = HttpsServer.create(anyPort(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    return new PictureServer(server);
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /** Paths that were asked for, each with the host of the request before it. */
  List<String> asked() {
    return asked;
  }

  /** Answers what the handler answers below a path. */
  public PictureServer on(String path, HttpHandler handler) {
    server.createContext(
        path,
        exchange -> {
          String host = exchange.getRequestHeaders().getFirst("Host");
          asked.add(host.replaceAll(":\\d+$", "") + exchange.getRequestURI());
          try (exchange) {
            handler.handle(exchange);
          }
        });
    return this;
  }

  /** Answers 200 with this body below a path. */
  public PictureServer on(String path, String body) {
    return on(path, exchange -> answer(exchange, 200, body));
  }

  /** Sends whoever asks below a path somewhere else. */
  PictureServer redirect(String path, String location) {
    return on(
        path,
        exchange -> {
          exchange.getResponseHeaders().set("Location", location);
          answer(exchange, 302, "");
        });
  }

  static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
