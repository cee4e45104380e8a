package dev.sluice.operators.stage;

import dev.sluice.operators.device.ImageRejectedException;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Rejection;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * How a step ended for one picture: with a value, or with a rejection. Immutable.
 *
 * @param value null where it was rejected
 * @param rejection null where there is a value
 */
public record Outcome<OUT>(@Nullable OUT value, @Nullable Rejection rejection) {

  /**
   * @throws StageFailedException where the trouble is not the picture's
   */
  public static <OUT> Outcome<OUT> of(
      ImageEvent event, Rejection.Stage stage, @Nullable OUT value, @Nullable Throwable failure) {
    if (failure == null) {
      return new Outcome<>(value, null);
    }
    Throwable cause = causeOf(failure);
    if (cause instanceof ImageRejectedException rejected) {
      return new Outcome<>(
          null,
          Rejection.of(
              event,
              rejected.stageOr(stage),
              rejected.category(),
              String.valueOf(rejected.getMessage())));
    }
    throw new StageFailedException(event.eventId(), stage.name().toLowerCase(Locale.ROOT), cause);
  }

  /** What a future failed with, without what futures put around it. */
  static Throwable causeOf(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
