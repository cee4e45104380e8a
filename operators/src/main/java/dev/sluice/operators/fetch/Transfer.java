package dev.sluice.operators.fetch;

import dev.sluice.serde.Rejection.Category;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The limits of one attempt: bytes, time, and whether anybody still wants it. Used by the thread
 * that fetches; the clock's thread breaks the connection when time is up.
 */
final class Transfer implements AutoCloseable {
  private static final int CHUNK = 1 << 14;

  private final long maxBytes;
  private final BooleanSupplier abandoned;
  private final Future<?> alarm;
  private @Nullable Runnable onExpiry;
  private boolean expired;

  Transfer(
      long maxBytes, Duration timeout, ScheduledExecutorService clock, BooleanSupplier abandoned) {
    this.maxBytes = maxBytes;
    this.abandoned = abandoned;
    this.alarm = clock.schedule(this::expire, timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Says how to break off what is about to begin; runs at once where time is up already. */
  synchronized void breakOffWith(Runnable how) {
    onExpiry = how;
    if (expired) {
      how.run();
    }
  }

  synchronized boolean isExpired() {
    return expired;
  }

  /**
   * Reads to the end.
   *
   * @param announcedBytes how many there will be, -1 where nobody said
   * @throws FetchRejectedException if there are too many
   */
  byte[] readAll(InputStream in, long announcedBytes) throws IOException {
    requireAtMost(announcedBytes);
    ByteArrayOutputStream all = new ByteArrayOutputStream(CHUNK);
    byte[] chunk = new byte[CHUNK];
    for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
      checkGoingOn();
      requireAtMost((long) all.size() + count);
      all.write(chunk, 0, count);
    }
    checkGoingOn();
    return all.toByteArray();
  }

  /** To be asked between steps that nothing interrupts. */
  void checkGoingOn() throws IOException {
    if (abandoned.getAsBoolean()) {
      throw new CancellationException("the operator was closed");
    }
    if (isExpired()) {
      throw new IOException("time is up");
    }
  }

  private void requireAtMost(long bytes) {
    if (bytes > maxBytes) {
      throw new FetchRejectedException(
          Category.TOO_LARGE, "picture: expected at most %d bytes, found more".formatted(maxBytes));
    }
  }

  private synchronized void expire() {
    expired = true;
    if (onExpiry != null) {
      onExpiry.run();
    }
  }

  @Override
  public void close() {
    alarm.cancel(false);
  }
}
