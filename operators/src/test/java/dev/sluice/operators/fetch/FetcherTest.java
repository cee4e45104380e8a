package dev.sluice.operators.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.operators.FetchOptions;
import dev.sluice.serde.Picture;
import dev.sluice.serde.Rejection.Category;
import dev.sluice.serde.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetcherTest {
  private final TestNames names =
      new TestNames()
          .with("images.example.com", "127.0.0.1")
          .with("a.cdn.example.com", "127.0.0.1");
  private PictureServer server;

  @BeforeEach
  void start() throws IOException {
    server = PictureServer.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void allowedPlaces_areFetched() {
    server.on("/cat.png", "cat").redirect("/old.png", "/cat.png?now");
    server.redirect("/away", "http://a.cdn.example.com:" + server.port() + "/cat.png");
    try (Fetcher fetcher = fetcher(config().set(FetchOptions.HOSTS, hostsWithLiteral()))) {
      assertThat(text(fetcher, "/cat.png?signature=1#top")).isEqualTo("cat");
      assertThat(text(fetcher, "/old.png")).isEqualTo("cat");
      assertThat(text(fetcher, "/away")).isEqualTo("cat");
      assertThat(FetchTesting.text(fetch(fetcher, "HTTP://IMAGES.example.com:%d/cat.png")))
          .isEqualTo("cat");
      assertThat(FetchTesting.text(fetch(fetcher, "http://127.0.0.1:%d/cat.png"))).isEqualTo("cat");
    }
    assertThat(server.asked())
        .containsExactly(
            "images.example.com/cat.png?signature=1",
            "images.example.com/old.png",
            "images.example.com/cat.png?now",
            "images.example.com/away",
            "a.cdn.example.com/cat.png",
            "IMAGES.example.com/cat.png",
            "127.0.0.1/cat.png");
  }

  @Test
  void nameThatChangesItsAddress_isConnectedToWhatWasChecked() {
    server.on(
        "/cat.png",
        exchange -> {
          exchange.getResponseHeaders().set("Connection", "close");
          PictureServer.answer(exchange, 200, "cat");
        });
    names.with("images.example.com", "127.0.0.1").then("images.example.com", "127.0.0.2");
    try (Fetcher fetcher = fetcher(config())) {
      assertThat(text(fetcher, "/cat.png")).isEqualTo("cat");
      assertThat(names.asked()).isEqualTo(1);
      assertThat(category(fetcher, "/cat.png")).isEqualTo(Category.FORBIDDEN_SOURCE);
      assertThat(names.asked()).isEqualTo(2);
    }
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void declaredHashAndLength_areChecked() {
    server.on("/cat.png", "cat");
    String hash = Sha256.hexOf("cat".getBytes(StandardCharsets.UTF_8));
    try (Fetcher fetcher = fetcher(config())) {
      FetchedPicture found = fetch(fetcher, "/cat.png", hash.toUpperCase(Locale.ROOT), 3).join();
      assertThat(found.sha256()).isEqualTo(hash);
      assertThat(category(fetch(fetcher, "/cat.png", "0".repeat(64), -1)))
          .isEqualTo(Category.FETCH_FAILED);
      assertThat(category(fetch(fetcher, "/cat.png", null, 4))).isEqualTo(Category.FETCH_FAILED);
      assertThat(category(fetch(fetcher, "/cat.png", null, 2))).isEqualTo(Category.TOO_LARGE);
      assertThat(category(fetch(fetcher, "/cat.png", null, FetchTesting.MAX_BYTES + 1)))
          .isEqualTo(Category.TOO_LARGE);
    }
    assertThat(server.asked()).hasSize(4);
  }

  @Test
  void endlessBody_isTooLarge() {
    byte[] chunk = new byte[512];
    server.on(
        "/endless.png",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          while (true) {
            exchange.getResponseBody().write(chunk);
          }
        });
    server.on(
        "/endless-error.png",
        exchange -> {
          exchange.sendResponseHeaders(404, 0);
          while (true) {
            exchange.getResponseBody().write(chunk);
          }
        });
    try (Fetcher fetcher = fetcher(config().set(FetchOptions.TIMEOUT, Duration.ofHours(1)))) {
      for (String path : List.of("/endless.png", "/endless-error.png")) {
        assertThat(fetch(fetcher, "http://images.example.com:%d" + path))
            .failsWithin(Duration.ofSeconds(20));
      }
      assertThat(category(fetcher, "/endless.png")).isEqualTo(Category.TOO_LARGE);
    }
  }

  @Test
  void answersThatWillNotChange_areNotAskedForAgain() {
    server
        .on("/gone.png", exchange -> PictureServer.answer(exchange, 404, ""))
        .on("/empty.png", exchange -> PictureServer.answer(exchange, 204, ""))
        .redirect("/circle.png", "/circle.png")
        .on("/nowhere.png", exchange -> PictureServer.answer(exchange, 302, ""))
        .on(
            "/packed.png",
            exchange -> {
              exchange.getResponseHeaders().set("Content-Encoding", "gzip");
              PictureServer.answer(exchange, 200, "cat");
            });
    try (Fetcher fetcher = fetcher(config())) {
      for (String path : List.of("/gone", "/empty", "/nowhere", "/packed", "/circle")) {
        assertThat(category(fetcher, path + ".png")).as(path).isEqualTo(Category.FETCH_FAILED);
      }
    }
    // The circle is gone round three times after the first.
    assertThat(server.asked()).hasSize(4 + 4);
  }

  @Test
  void troubleThatPasses_isTriedAgain() {
    AtomicInteger asked = new AtomicInteger();
    server.on(
        "/cat.png",
        exchange -> {
          int status = List.of(503, 429, 200).get(asked.getAndIncrement());
          exchange.getResponseHeaders().set("Retry-After", "86400");
          PictureServer.answer(exchange, status, status == 200 ? "cat" : "");
        });
    try (Fetcher fetcher = fetcher(config())) {
      // A day of patience was asked for; the longest pause of the options is taken.
      assertThat(text(fetcher, "/cat.png")).isEqualTo("cat");
    }
    assertThat(asked).hasValue(3);
  }

  @Test
  void troubleThatStays_isRejectedAfterTheLastAttempt() {
    server.on("/cat.png", exchange -> PictureServer.answer(exchange, 500, ""));
    try (Fetcher fetcher = fetcher(config().set(FetchOptions.ATTEMPTS, 2))) {
      assertThat(FetchTesting.rejection(fetch(fetcher, "http://images.example.com:%d/cat.png?key")))
          .hasMessage("http://images.example.com/cat.png: expected 200, found 500");
    }
    assertThat(server.asked()).hasSize(2);
  }

  @Test
  void unknownHost_isFetchFailed() {
    try (Fetcher fetcher = fetcher(config())) {
      assertThat(category(FetchTesting.fetch(fetcher, "http://x.cdn.example.com/cat.png")))
          .isEqualTo(Category.FETCH_FAILED);
    }
  }

  @Test
  void bodyThatNeverComes_isTimeout() {
    CountDownLatch end = new CountDownLatch(1);
    server.on(
        "/slow.png",
        exchange -> {
          exchange.sendResponseHeaders(200, 3);
          exchange.getResponseBody().write('c');
          exchange.getResponseBody().flush();
          awaitQuietly(end);
        });
    try (Fetcher fetcher = fetcher(impatient())) {
      assertThat(category(fetcher, "/slow.png")).isEqualTo(Category.TIMEOUT);
    } finally {
      end.countDown();
    }
  }

  @Test
  void bodyThatDrips_isTimeout() {
    server.on(
        "/drip.png",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          while (true) {
            exchange.getResponseBody().write('c');
            exchange.getResponseBody().flush();
            awaitQuietly(new CountDownLatch(1), 20);
          }
        });
    try (Fetcher fetcher = fetcher(impatient())) {
      assertThat(category(fetcher, "/drip.png")).isEqualTo(Category.TIMEOUT);
    }
  }

  @Test
  void hostThatFails_isLeftAloneAndTriedAgainLater() {
    AtomicInteger status = new AtomicInteger(500);
    server.on("/cat.png", exchange -> PictureServer.answer(exchange, status.get(), "cat"));
    Configuration config =
        config()
            .set(FetchOptions.ATTEMPTS, 1)
            .set(FetchOptions.BREAKER_FAILURES, 3)
            .set(FetchOptions.BREAKER_DELAY, Duration.ofMillis(300));
    try (Fetcher fetcher = fetcher(config)) {
      for (int i = 0; i < 3; i++) {
        category(fetcher, "/cat.png");
      }
      status.set(200);
      assertThat(FetchTesting.rejection(fetch(fetcher, "http://images.example.com:%d/cat.png")))
          .hasMessageEndingWith("the host failed too often and is left alone for now");
      assertThat(server.asked()).hasSize(3);
      assertThat(FetchTesting.text(fetch(fetcher, "http://a.cdn.example.com:%d/cat.png")))
          .isEqualTo("cat");
      await()
          .ignoreExceptions()
          .untilAsserted(() -> assertThat(text(fetcher, "/cat.png")).isEqualTo("cat"));
    }
  }

  @Test
  void slowHost_holdsUpOnlyItself() {
    CountDownLatch end = new CountDownLatch(1);
    AtomicInteger atOnce = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    server
        .on(
            "/slow.png",
            exchange -> {
              most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
              awaitQuietly(end);
              atOnce.decrementAndGet();
              PictureServer.answer(exchange, 200, "slow");
            })
        .on("/cat.png", "cat");
    Configuration config =
        config().set(FetchOptions.CONCURRENCY, 3).set(FetchOptions.CONCURRENCY_PER_HOST, 2);
    try (Fetcher fetcher = fetcher(config)) {
      List<CompletableFuture<FetchedPicture>> slow = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        slow.add(fetch(fetcher, "http://images.example.com:%d/slow.png"));
      }
      await().until(() -> atOnce.get() == 2);
      assertThat(FetchTesting.text(fetch(fetcher, "http://a.cdn.example.com:%d/cat.png")))
          .isEqualTo("cat");
      end.countDown();
      slow.forEach(fetched -> assertThat(FetchTesting.text(fetched)).isEqualTo("slow"));
      assertThat(most).hasValue(2);
    }
  }

  @Test
  void close_endsThreadsOnceNothingIsUnderWay() {
    CountDownLatch end = new CountDownLatch(1);
    server.on(
        "/slow.png",
        exchange -> {
          awaitQuietly(end);
          PictureServer.answer(exchange, 200, "slow");
        });
    Fetcher fetcher = fetcher(config());
    String uri = "http://images.example.com:" + server.port() + "/slow.png";
    boolean[] abandoned = {false};
    CompletableFuture<FetchedPicture> fetched =
        fetcher.fetch(
            Picture.ofUri(uri, null, -1, null), FetchTesting.MAX_BYTES, () -> abandoned[0]);
    await().until(() -> !server.asked().isEmpty());
    abandoned[0] = true;
    fetcher.close();
    end.countDown();

    assertThat(fetched)
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableThat()
        .havingRootCause()
        .isInstanceOf(CancellationException.class);
    await()
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(t -> t.getName().startsWith("sluice-fetch") && t.isAlive()));
  }

  @Test
  void files_areReadBelowTheFoldersAlone(@TempDir Path root) throws IOException {
    Path folder = Files.createDirectories(root.resolve("pictures"));
    Path inside = Files.writeString(folder.resolve("cat.png"), "cat");
    Path outside = Files.writeString(root.resolve("secret.png"), "secret");
    Files.createSymbolicLink(folder.resolve("link-in.png"), inside);
    Files.createSymbolicLink(folder.resolve("link-out.png"), outside);
    Files.createSymbolicLink(folder.resolve("up"), root);
    Files.createDirectory(folder.resolve("folder.png"));
    Files.writeString(folder.resolve("long.png"), "x".repeat(FetchTesting.MAX_BYTES + 1));
    Configuration config =
        FetchTesting.quick().set(FetchOptions.FOLDERS, List.of(folder.toString()));
    String base = folder.toUri().toString();
    try (Fetcher fetcher = fetcher(config)) {
      assertThat(FetchTesting.text(FetchTesting.fetch(fetcher, base + "cat.png"))).isEqualTo("cat");
      assertThat(FetchTesting.text(FetchTesting.fetch(fetcher, base + "link-in.png")))
          .isEqualTo("cat");
      for (String hostile :
          List.of("link-out.png", "up/secret.png", "../secret.png", "%2e%2e/secret.png", "up")) {
        assertThat(category(FetchTesting.fetch(fetcher, base + hostile)))
            .as(hostile)
            .isEqualTo(Category.FORBIDDEN_SOURCE);
      }
      assertThat(category(FetchTesting.fetch(fetcher, base + "none.png")))
          .isEqualTo(Category.FETCH_FAILED);
      assertThat(category(FetchTesting.fetch(fetcher, base + "folder.png")))
          .isEqualTo(Category.FETCH_FAILED);
      assertThat(category(FetchTesting.fetch(fetcher, base + "long.png")))
          .isEqualTo(Category.TOO_LARGE);
    }
  }

  @Test
  void otherSchemes_goThroughFlinksFileSystems() {
    Configuration config =
        FetchTesting.quick()
            .set(FetchOptions.SCHEMES, List.of("s3"))
            .set(FetchOptions.HOSTS, List.of("pictures"));
    try (Fetcher fetcher = fetcher(config)) {
      assertThat(FetchTesting.rejection(FetchTesting.fetch(fetcher, "s3://pictures/cat.png")))
          .hasMessageContaining("Flink has no file system for it");
      assertThat(category(FetchTesting.fetch(fetcher, "s3://other/cat.png")))
          .isEqualTo(Category.FORBIDDEN_SOURCE);
    }
  }

  private static List<String> hostsWithLiteral() {
    return List.of("images.example.com", "*.cdn.example.com", "127.0.0.1");
  }

  private Configuration config() {
    return FetchTesting.onLoopback(server);
  }

  private Configuration impatient() {
    return config().set(FetchOptions.ATTEMPTS, 1).set(FetchOptions.TIMEOUT, Duration.ofMillis(300));
  }

  private Fetcher fetcher(Configuration config) {
    return FetchTesting.fetcher(config, names);
  }

  private CompletableFuture<FetchedPicture> fetch(Fetcher fetcher, String uriOfPort) {
    return FetchTesting.fetch(fetcher, uriOfPort.replace("%d", String.valueOf(server.port())));
  }

  private CompletableFuture<FetchedPicture> fetch(
      Fetcher fetcher, String path, String sha256, long byteLength) {
    String uri = "http://images.example.com:" + server.port() + path;
    return fetcher.fetch(
        Picture.ofUri(uri, sha256, byteLength, null), FetchTesting.MAX_BYTES, () -> false);
  }

  private String text(Fetcher fetcher, String path) {
    return FetchTesting.text(fetch(fetcher, "http://images.example.com:%d" + path));
  }

  private Category category(Fetcher fetcher, String path) {
    return category(fetch(fetcher, "http://images.example.com:%d" + path));
  }

  private static Category category(CompletableFuture<FetchedPicture> fetched) {
    return FetchTesting.category(fetched);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    awaitQuietly(latch, 30_000);
  }

  private static void awaitQuietly(CountDownLatch latch, long millis) {
    try {
      var unused = latch.await(millis, java.util.concurrent.TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
