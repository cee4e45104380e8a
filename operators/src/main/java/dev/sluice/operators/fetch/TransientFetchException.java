package dev.sluice.operators.fetch;

import dev.sluice.operators.device.ImageRejectedException;
import dev.sluice.serde.Rejection;
import dev.sluice.serde.Rejection.Category;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An attempt failed that may do better later; after the last attempt it is the rejection. */
final class TransientFetchException extends ImageRejectedException {
  private static final long serialVersionUID = 1L;

  private final @Nullable Duration retryAfter;

  TransientFetchException(Category category, String message, @Nullable Duration retryAfter) {
    super(Rejection.Stage.FETCH, category, message);
    this.retryAfter = retryAfter;
  }

  /** How long the server asks to be left alone, null where it does not. */
  @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
