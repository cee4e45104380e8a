package dev.sluice.operators.device;

import dev.sluice.operators.poison.Suspect;
import java.util.concurrent.CompletableFuture;

/**
 * One picture's work on the device. Made by a task thread, worked on and completed by the device
 * thread.
 *
 * @param size tiles that the device has to look at
 * @param suspect the picture at this work, for the crash journal
 */
record DeviceRequest<I, O>(
    I input,
    int size,
    long arrivedNanos,
    Suspect suspect,
    RequestTerms terms,
    CompletableFuture<Timed<O>> result) {

  void complete(O value, long nanos) {
    result.complete(new Timed<>(value, nanos));
  }

  void fail(Throwable cause) {
    result.completeExceptionally(cause);
  }

  /** Ends the request if nobody wants it; says whether it did. */
  boolean dropIfAbandoned() {
    boolean drop = terms.abandoned().getAsBoolean();
    if (drop) {
      result.cancel(false);
    }
    return drop;
  }
}
