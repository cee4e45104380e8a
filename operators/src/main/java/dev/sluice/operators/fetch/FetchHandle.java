package dev.sluice.operators.fetch;

import dev.sluice.operators.FetchOptions;
import dev.sluice.serde.Picture;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;

/**
 * One user's hold on the fetching of this process. Thread-safe; closing twice releases once.
 *
 * <p>All operators with the same options share threads, connections and what is known of hosts, so
 * that the limits hold for the process; the last to close ends them.
 */
public final class FetchHandle implements AutoCloseable {
  private static final Object LOCK = new Object();
  private static final Map<FetchOptions, Shared> SHARED = new HashMap<>();

  private final FetchOptions options;
  private final Fetcher fetcher;
  private final AtomicBoolean closed = new AtomicBoolean();

  private FetchHandle(FetchOptions options, Fetcher fetcher) {
    this.options = options;
    this.fetcher = fetcher;
  }

  /** Becomes a user; nothing is started before the first picture. */
  public static FetchHandle of(FetchOptions options) {
    synchronized (LOCK) {
      Shared shared =
          SHARED.computeIfAbsent(
              options, used -> new Shared(new Fetcher(used, SystemDefaultDnsResolver.INSTANCE)));
      shared.users++;
      return new FetchHandle(options, shared.fetcher);
    }
  }

  /**
   * Begins to fetch and returns at once.
   *
   * @param reference a picture given by its URI
   * @param maxBytes of the encoded file
   * @param abandoned whether the result is no longer wanted
   * @return fails with {@link dev.sluice.operators.device.ImageRejectedException} where the picture
   *     cannot be had
   */
  public CompletableFuture<FetchedPicture> fetch(
      Picture reference, long maxBytes, BooleanSupplier abandoned) {
    return fetcher.fetch(reference, maxBytes, abandoned);
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    synchronized (LOCK) {
      Shared shared = SHARED.get(options);
      if (shared == null) {
        throw new IllegalStateException("fetching: left more often than used");
      }
      shared.users--;
      if (shared.users == 0) {
        SHARED.remove(options);
        shared.fetcher.close();
      }
    }
  }

  private static final class Shared {
    private final Fetcher fetcher;
    private int users;

    private Shared(Fetcher fetcher) {
      this.fetcher = fetcher;
    }
  }
}
