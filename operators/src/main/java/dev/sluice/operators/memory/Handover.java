package dev.sluice.operators.memory;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Carries a picture's admission from one operator to the next of its chain. Each task thread has
 * its own.
 *
 * <p>Operators of a chain call each other directly: whatever {@code output.collect} reaches is
 * reached before it returns. So the sender holds the admission out while it emits, and every
 * operator of the chain that takes the picture takes a share. Where nobody does (the picture went
 * over the network, to a sink, or was filtered out) the sender's share was the last, and the memory
 * goes back. No table of pictures is kept, so none can leak, and two events with the same id do not
 * disturb each other.
 */
public final class Handover {
  private static final ThreadLocal<@Nullable Offer> CURRENT = new ThreadLocal<>();

  private Handover() {}

  /** Emits while the admission is held out to whoever takes the event. The share stays yours. */
  public static void during(String eventId, Admission admission, Runnable emit) {
    // Emitting may make the next operator emit older results from within: offers nest.
    Offer outer = CURRENT.get();
    CURRENT.set(new Offer(eventId, admission));
    try {
      emit.run();
    } finally {
      if (outer == null) {
        CURRENT.remove();
      } else {
        CURRENT.set(outer);
      }
    }
  }

  /** A share in what the sender holds out for this event and model, if anything. */
  static Optional<Admission> take(String eventId, Object owner) {
    Offer offer = CURRENT.get();
    if (offer == null || !offer.eventId.equals(eventId) || !offer.admission.covers(owner)) {
      return Optional.empty();
    }
    return Optional.of(offer.admission.share());
  }

  private record Offer(String eventId, Admission admission) {}
}
