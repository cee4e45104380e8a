package dev.sluice.operators.memory;

import dev.sluice.models.memory.LeaseRequest;
import dev.sluice.models.memory.LeaseRequest.Precedence;
import dev.sluice.models.memory.MemoryLease;
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
  private final CostCorrection correction;
  private final Precedence precedence;

  /**
   * @param owner the model that works on the pictures
   * @param precedence of the pictures over those of others
   */
  public AdmissionDesk(
      MemoryLedger ledger,
      Object owner,
      ImageBytes image,
      CostCorrection correction,
      Precedence precedence) {
    this.ledger = ledger;
    this.owner = owner;
    this.image = image;
    this.correction = correction;
    this.precedence = precedence;
  }

  /** A share in the admission that the event brought along. */
  public Optional<Admission> takeOffered(String eventId) {
    return Handover.take(eventId, owner);
  }

  /**
   * A new admission when its turn has come, at once where there is room and nobody before it.
   *
   * @param fileBytes negative where its size is unknown
   * @param abandoned whether nobody wants it any more; it fails with a {@link
   *     CancellationException} then
   * @return fails with {@link dev.sluice.models.memory.NoRoomException} if there can never be room
   */
  public CompletableFuture<Admission> admit(long fileBytes, BooleanSupplier abandoned) {
    ImageBytes now = image.corrected(correction.factor(), ledger.shortTermBytes());
    LeaseRequest request =
        new LeaseRequest(LABEL, now.bytesOf(fileBytes), now.keepFreeBytes(), precedence);
    return ledger.leaseInTurn(request).thenApply(lease -> admission(lease, abandoned));
  }

  private Admission admission(MemoryLease lease, BooleanSupplier abandoned) {
    if (abandoned.getAsBoolean()) {
      lease.close();
      throw new CancellationException("the operator was closed");
    }
    return Admission.of(owner, lease, () -> {});
  }
}
