package dev.sluice.operators.stage;

import dev.sluice.operators.device.ImageRejectedException;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Rejection.Category;
import java.time.Duration;
import java.time.Instant;

/** The time after which the result of an event is of no use. Stateless. */
final class Deadline {
  private Deadline() {}

  /**
   * To be asked before work that has not begun.
   *
   * @throws ImageRejectedException if it is too late
   */
  static void requireBefore(ImageEvent event) {
    Instant deadline = event.request().deadline();
    Instant now = Instant.now();
    if (deadline != null && now.isAfter(deadline)) {
      throw new ImageRejectedException(
          Category.TIMEOUT,
          "deadline: expected work to begin by %s, %d ms too late"
              .formatted(deadline, Duration.between(deadline, now).toMillis()));
    }
  }
}
