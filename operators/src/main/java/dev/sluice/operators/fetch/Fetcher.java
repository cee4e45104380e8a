package dev.sluice.operators.fetch;

import dev.failsafe.CircuitBreakerOpenException;
import dev.sluice.operators.FetchOptions;
import dev.sluice.operators.device.ImageRejectedException;
import dev.sluice.serde.Picture;
import dev.sluice.serde.Rejection.Category;
import dev.sluice.serde.Sha256;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.core5.ssl.SSLContexts;
import org.jspecify.annotations.Nullable;

/**
 * Fetches pictures by their URI, on threads of its own. Thread-safe.
 *
 * <p>Whatever goes wrong with a picture is an {@link ImageRejectedException} of its future: neither
 * the sender of a URI nor the server behind it can fail the task.
 */
final class Fetcher implements AutoCloseable {
  private final FetchOptions options;
  private final SourcePolicy places;
  private final Hosts hosts = new Hosts();
  private final FetchThreads threads;
  private final DnsResolver names;
  private final SSLContext tls;
  private final PictureSource folders;
  private final PictureSource files = new FlinkFileSource();
  private @Nullable PictureSource http;
  private int underWay;
  private boolean closed;

  Fetcher(FetchOptions options, DnsResolver names) {
    this(options, names, SSLContexts.createSystemDefault());
  }

  Fetcher(FetchOptions options, DnsResolver names, SSLContext tls) {
    this.options = options;
    this.places = new SourcePolicy(options.places());
    this.threads = new FetchThreads(options.limits().concurrency());
    this.names = names;
    this.tls = tls;
    this.folders = new FolderSource(options.places().folders());
  }

  /**
   * Begins to fetch and returns at once.
   *
   * @param reference a picture given by its URI
   * @param maxBytes of the encoded file
   * @param abandoned asked before and between pieces of work
   */
  CompletableFuture<FetchedPicture> fetch(
      Picture reference, long maxBytes, BooleanSupplier abandoned) {
    begin();
    CompletableFuture<FetchedPicture> result;
    try {
      Job job = job(reference, maxBytes, abandoned);
      result =
          hosts
              .get(hostOf(job.uri), name -> new Host(options, threads.workers()))
              .fetch(() -> attempt(job));
    } catch (RuntimeException e) {
      result = CompletableFuture.failedFuture(e);
    }
    return result
        .whenComplete((picture, failure) -> end())
        .exceptionally(failure -> rethrow(reference, failure));
  }

  /** No more is fetched; threads and connections end with what is under way. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      if (underWay > 0) {
        return;
      }
    }
    shutDown();
  }

  private Job job(Picture reference, long maxBytes, BooleanSupplier abandoned) {
    long declared = reference.byteLength();
    if (declared > maxBytes) {
      throw new FetchRejectedException(
          Category.TOO_LARGE,
          "picture: expected at most %d bytes (sluice.image.max-bytes), found %d declared"
              .formatted(maxBytes, declared));
    }
    URI uri = places.check(Objects.requireNonNull(reference.uri(), "uri"));
    return new Job(uri, reference, declared < 0 ? maxBytes : declared, abandoned);
  }

  private FetchedPicture attempt(Job job) {
    try (Transfer transfer =
        new Transfer(job.maxBytes, options.limits().timeout(), threads.clock(), job.abandoned)) {
      try {
        transfer.checkGoingOn();
        return checked(job, source(job.uri).read(job.uri, transfer));
      } catch (IOException e) {
        throw later(job, transfer.isExpired() || e instanceof InterruptedIOException, e);
      }
    } catch (ImageRejectedException | CancellationException e) {
      throw e;
    } catch (RuntimeException e) {
      // A library that chokes on a stranger's words is no reason to fail the task.
      throw new FetchRejectedException(
          Category.FETCH_FAILED,
          "%s: could not be fetched (%s)"
              .formatted(SourcePolicy.shown(job.uri), e.getClass().getSimpleName()));
    }
  }

  private static TransientFetchException later(Job job, boolean timeUp, IOException cause) {
    String place = SourcePolicy.shown(job.uri);
    // The cause's own words may name addresses and paths of this side: the sender reads this.
    return timeUp
        ? new TransientFetchException(
            Category.TIMEOUT, place + ": took longer than sluice.fetch.timeout", null)
        : new TransientFetchException(
            Category.FETCH_FAILED,
            "%s: could not be fetched (%s)".formatted(place, cause.getClass().getSimpleName()),
            null);
  }

  private static FetchedPicture checked(Job job, byte[] bytes) {
    long declared = job.reference.byteLength();
    if (declared >= 0 && declared != bytes.length) {
      throw notAsDeclared(job, declared + " bytes", bytes.length + " bytes");
    }
    String sha256 = Sha256.hexOf(bytes);
    String expected = job.reference.sha256();
    if (expected != null && !expected.equalsIgnoreCase(sha256)) {
      throw notAsDeclared(job, "the declared sha256", sha256);
    }
    return new FetchedPicture(bytes, sha256);
  }

  private static FetchRejectedException notAsDeclared(Job job, String expected, String found) {
    return new FetchRejectedException(
        Category.FETCH_FAILED,
        "%s: expected %s, found %s".formatted(SourcePolicy.shown(job.uri), expected, found));
  }

  private PictureSource source(URI uri) {
    if (SourcePolicy.isHttp(uri)) {
      return http();
    }
    return SourcePolicy.scheme(uri).equals(SourcePolicy.FILE) ? folders : files;
  }

  /** Made for the first that needs it: most jobs never do. */
  private synchronized PictureSource http() {
    if (http == null) {
      http = new HttpSource(options, places, names, tls);
    }
    return http;
  }

  private static String hostOf(URI uri) {
    String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
    return SourcePolicy.scheme(uri) + "://" + host + ":" + uri.getPort();
  }

  private static FetchedPicture rethrow(Picture reference, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof CircuitBreakerOpenException) {
      throw new FetchRejectedException(
          Category.FETCH_FAILED,
          "%s: the host failed too often and is left alone for now"
              .formatted(SourcePolicy.shown(URI.create(String.valueOf(reference.uri())))));
    }
    throw cause instanceof RuntimeException known ? known : new CompletionException(cause);
  }

  private synchronized void begin() {
    if (closed) {
      throw new IllegalStateException("the fetcher is closed");
    }
    underWay++;
  }

  private void end() {
    synchronized (this) {
      underWay--;
      if (!closed || underWay > 0) {
        return;
      }
    }
    shutDown();
  }

  private void shutDown() {
    PictureSource used;
    synchronized (this) {
      used = http;
    }
    if (used != null) {
      used.close();
    }
    threads.close();
  }

  private record Job(URI uri, Picture reference, long maxBytes, BooleanSupplier abandoned) {}
}
