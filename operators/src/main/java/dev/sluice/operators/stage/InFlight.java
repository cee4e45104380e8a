package dev.sluice.operators.stage;

import dev.sluice.operators.memory.Admission;
import org.jspecify.annotations.Nullable;

/**
 * A picture in flight with the memory that covers it once it is admitted. Owned by the task thread.
 */
final class InFlight<OUT> implements AutoCloseable {
  private final InFlightImage image;
  private final long sinceNanos = System.nanoTime();
  private @Nullable Admission admission;
  private @Nullable Outcome<OUT> outcome;

  InFlight(InFlightImage image) {
    this.image = image;
  }

  InFlightImage image() {
    return image;
  }

  /** It is covered from now on. */
  void admit(Admission by) {
    admission = by;
  }

  Admission admission() {
    if (admission == null) {
      throw new IllegalStateException("event " + image.event().eventId() + " is not admitted yet");
    }
    return admission;
  }

  /** Gives back what covers it, if anything does yet. */
  @Override
  public void close() {
    if (admission != null) {
      admission.close();
    }
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
