package dev.sluice.operators.reuse;

import dev.sluice.operators.device.ImageRejectedException;
import dev.sluice.serde.Rejection.Category;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A result under way: one event leads, others of the same picture wait for it. Thread-safe; only
 * the first end counts.
 *
 * @param <V> the result
 */
final class Flight<V> {
  private final ResultKey key;
  private final Object leader;
  private final CompletableFuture<Optional<V>> landing = new CompletableFuture<>();

  Flight(ResultKey key, Object leader) {
    this.key = key;
    this.leader = leader;
  }

  ResultKey key() {
    return key;
  }

  boolean isLedBy(Object other) {
    return leader == other;
  }

  /**
   * The result; nothing where the leader gave up, so that one of those who waited must lead. Fails
   * with {@link ImageRejectedException} where the picture is at fault.
   */
  CompletableFuture<Optional<V>> landing() {
    return landing;
  }

  /**
   * Whether the picture is at fault, so that each of its events would be rejected as well. What
   * memory, time or a server did to one event says nothing about the next.
   */
  static boolean isThePictures(Category category) {
    return switch (category) {
      case UNREADABLE_IMAGE, TOO_LARGE, UNSUPPORTED, POISON -> true;
      case MALFORMED_RECORD, FETCH_FAILED, FORBIDDEN_SOURCE, OUT_OF_MEMORY, TIMEOUT -> false;
    };
  }
}
