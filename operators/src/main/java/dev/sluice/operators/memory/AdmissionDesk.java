package dev.sluice.operators.memory;

import dev.sluice.models.memory.MemoryLedger;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * Admits the pictures that one operator takes in. Owned by its task thread; admissions come back
 * from any thread.
 *
 * <p>A picture that comes from a gated source of the same chain brings its admission along. Any
 * other needs a new one.
 */
public final class AdmissionDesk {
  static final String LABEL = "admitted";

  private final MemoryLedger ledger;
  private final Object owner;
  private final ImageBytes image;

  /**
   * @param owner the model that works on the pictures
   */
  public AdmissionDesk(MemoryLedger ledger, Object owner, ImageBytes image) {
    this.ledger = ledger;
    this.owner = owner;
    this.image = image;
  }

  /** A share in the admission that the event brought along. */
  public Optional<Admission> takeOffered(String eventId) {
    return Handover.take(eventId, owner);
  }

  /**
   * A new admission, or nothing where there is no room now.
   *
   * @param fileBytes negative where its size is unknown
   * @throws dev.sluice.models.memory.NoRoomException if there can never be room
   */
  public Optional<Admission> tryAdmit(long fileBytes) {
    long bytes = image.bytesOf(fileBytes);
    ledger.requireRoomFor(LABEL, bytes + image.keepFreeBytes());
    return ledger
        .tryLease(LABEL, bytes, image.keepFreeBytes())
        .map(lease -> Admission.of(owner, lease, () -> {}));
  }

  /**
   * A new admission as soon as there is room; fails with what {@link #tryAdmit} throws.
   *
   * @param fileBytes negative where its size is unknown
   * @param abandoned ends the waiting with a {@link CancellationException}
   */
  public CompletableFuture<Admission> admit(long fileBytes, BooleanSupplier abandoned) {
    CompletableFuture<Admission> result = new CompletableFuture<>();
    admit(fileBytes, abandoned, result);
    return result;
  }

  private void admit(
      long fileBytes, BooleanSupplier abandoned, CompletableFuture<Admission> result) {
    try {
      while (!abandoned.getAsBoolean()) {
        Optional<Admission> admission = tryAdmit(fileBytes);
        if (admission.isPresent()) {
          result.complete(admission.get());
          return;
        }
        CompletableFuture<Void> room = room(fileBytes);
        if (!room.isDone()) {
          var unused = room.thenRun(() -> admit(fileBytes, abandoned, result));
          return;
        }
      }
      result.completeExceptionally(new CancellationException("the operator was closed"));
    } catch (RuntimeException e) {
      result.completeExceptionally(e);
    }
  }

  /** Completes when it is worth asking again. */
  public CompletableFuture<Void> room(long fileBytes) {
    return ledger.whenFree(image.bytesOf(fileBytes) + image.keepFreeBytes());
  }
}
