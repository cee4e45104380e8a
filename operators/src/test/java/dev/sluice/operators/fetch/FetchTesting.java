package dev.sluice.operators.fetch;

import dev.sluice.operators.FetchOptions;
import dev.sluice.operators.device.ImageRejectedException;
import dev.sluice.serde.Picture;
import dev.sluice.serde.Rejection.Category;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.flink.configuration.Configuration;

/** Short words for the tests of this package. */
final class FetchTesting {
  static final int MAX_BYTES = 1000;

  private FetchTesting() {}

  /** Options of a test: everything quick, images.example.com and cdn.example.com's allowed. */
  static Configuration quick() {
    return new Configuration()
        .set(FetchOptions.HOSTS, List.of("images.example.com", "*.cdn.example.com"))
        .set(FetchOptions.CONNECT_TIMEOUT, Duration.ofSeconds(5))
        .set(FetchOptions.BACKOFF, Duration.ofMillis(1))
        .set(FetchOptions.MAX_BACKOFF, Duration.ofMillis(20));
  }

  /** As {@link #quick}, and loopback stands in for the world. */
  static Configuration onLoopback(PictureServer server) {
    return quick()
        .set(FetchOptions.PORTS, List.of(server.port()))
        .set(FetchOptions.PRIVATE_NETWORKS, List.of("127.0.0.1"));
  }

  static Fetcher fetcher(Configuration config, TestNames names) {
    return new Fetcher(FetchOptions.from(config), names);
  }

  static CompletableFuture<FetchedPicture> fetch(Fetcher fetcher, String uri) {
    return fetcher.fetch(Picture.ofUri(uri, null, -1, null), MAX_BYTES, () -> false);
  }

  static String text(CompletableFuture<FetchedPicture> fetched) {
    return new String(fetched.join().bytes(), StandardCharsets.UTF_8);
  }

  /** Why it was not fetched. */
  static ImageRejectedException rejection(CompletableFuture<FetchedPicture> fetched) {
    try {
      throw new AssertionError("fetched: " + text(fetched));
    } catch (CompletionException e) {
      if (e.getCause() instanceof ImageRejectedException rejected) {
        return rejected;
      }
      throw new AssertionError("not a rejection", e);
    }
  }

  static Category category(CompletableFuture<FetchedPicture> fetched) {
    return rejection(fetched).category();
  }
}
