package dev.sluice.operators.stage;

import dev.sluice.operators.memory.Admission;
import org.jspecify.annotations.Nullable;

/** A picture in flight with the memory that covers it. Owned by the task thread. */
final class InFlight<OUT> {
  private final InFlightImage image;
  private final Admission admission;
  private final long sinceNanos = System.nanoTime();
  private @Nullable Outcome<OUT> outcome;

  InFlight(InFlightImage image, Admission admission) {
    this.image = image;
    this.admission = admission;
  }

  InFlightImage image() {
    return image;
  }

  Admission admission() {
    return admission;
  }

  /** How long it has been here. */
  long ageNanos() {
    return System.nanoTime() - sinceNanos;
  }

  void end(Outcome<OUT> how) {
    outcome = how;
  }

  Outcome<OUT> outcome() {
    if (outcome == null) {
      throw new IllegalStateException("event " + image.event().eventId() + " is still in flight");
    }
    return outcome;
  }
}
