package dev.sluice.operators.fetch;

import dev.failsafe.CircuitBreaker;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.RetryPolicy;
import dev.failsafe.function.CheckedSupplier;
import dev.sluice.operators.FetchOptions;
import dev.sluice.operators.FetchOptions.Retries;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** What one host is given: its lane, its retries, its circuit breaker. Thread-safe. */
final class Host {
  private static final double JITTER = 0.25;
  private static final Duration NONE = Duration.ofNanos(-1);

  private final Lane lane;
  private final FailsafeExecutor<FetchedPicture> attempts;

  Host(FetchOptions options, ScheduledExecutorService workers) {
    this.lane = new Lane(options.limits().concurrencyPerHost());
    this.attempts =
        Failsafe.with(retries(options.retries()), breaker(options.retries())).with(workers);
  }

  /** Runs the attempt on a worker once the host's turn has come, and again as often as allowed. */
  CompletableFuture<FetchedPicture> fetch(CheckedSupplier<FetchedPicture> attempt) {
    return lane.run(() -> attempts.getAsync(attempt));
  }

  private static RetryPolicy<FetchedPicture> retries(Retries options) {
    return RetryPolicy.<FetchedPicture>builder()
        .handle(TransientFetchException.class)
        .withMaxAttempts(options.attempts())
        .withBackoff(options.backoff(), options.maxBackoff())
        .withJitter(JITTER)
        .withDelayFnOn(
            context -> asked(context.getLastException(), options.maxBackoff()),
            TransientFetchException.class)
        .build();
  }

  /** What the server asks for, bounded; a negative pause leaves it to the backoff. */
  private static Duration asked(@Nullable Throwable failure, Duration longest) {
    Duration asked = failure instanceof TransientFetchException late ? late.retryAfter() : null;
    if (asked == null) {
      return NONE;
    }
    return asked.compareTo(longest) < 0 ? asked : longest;
  }

  private static CircuitBreaker<FetchedPicture> breaker(Retries options) {
    return CircuitBreaker.<FetchedPicture>builder()
        .handle(TransientFetchException.class)
        .withFailureThreshold(options.breakerFailures())
        .withDelay(options.breakerDelay())
        .build();
  }
}
