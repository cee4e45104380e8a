package dev.sluice.operators.reuse;

import dev.sluice.operators.device.ImageRejectedException;

/**
 * The leading event's end of a {@link Flight}. Thread-safe; only the first end counts.
 *
 * @param <V> the result
 */
public final class Lead<V> {
  private final SharedResults<V> results;
  private final Flight<V> flight;

  Lead(SharedResults<V> results, Flight<V> flight) {
    this.results = results;
    this.flight = flight;
  }

  /**
   * Gives the result to all who wait, and keeps it.
   *
   * @param owner the subtask that writes it into checkpoints
   */
  public void land(V value, int owner) {
    results.land(flight, value, owner);
  }

  /** Rejects all who wait where the picture is at fault; otherwise one of them leads. */
  public void reject(ImageRejectedException rejection) {
    if (Flight.isThePictures(rejection.category())) {
      results.reject(flight, rejection);
    } else {
      results.abandon(flight);
    }
  }

  /** Has no result: one of those who wait leads. */
  public void abandon() {
    results.abandon(flight);
  }
}
