package dev.sluice.operators.memory;

import dev.sluice.models.memory.MemoryLease;
import dev.sluice.models.memory.MemoryLedger;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Lets a source read a picture when the ledger covers its worst case and not too many are in
 * flight. Owned by the source's task thread; admissions come back from any thread.
 */
public final class CreditGate {
  private final MemoryLedger ledger;
  private final Object owner;
  private final ImageBytes image;
  private final int capacity;
  private final Object lock = new Object();
  private int inFlight;
  private CompletableFuture<Void> oneLess = new CompletableFuture<>();

  /**
   * @param owner the model that works on the pictures
   * @param capacity most pictures in flight
   */
  public CreditGate(MemoryLedger ledger, Object owner, ImageBytes image, int capacity) {
    this.ledger = ledger;
    this.owner = owner;
    this.image = image;
    this.capacity = capacity;
  }

  /**
   * Takes a credit for one picture of any size.
   *
   * @return nothing where there is none now
   * @throws dev.sluice.models.memory.NoRoomException if there can never be one
   */
  public Optional<Credit> tryEnter() {
    synchronized (lock) {
      if (inFlight >= capacity) {
        return Optional.empty();
      }
    }
    // Only the task thread adds to the count, so it cannot have grown in between.
    Optional<MemoryLease> lease =
        ledger.tryLease(AdmissionDesk.LABEL, image.worstBytes(), image.keepFreeBytes());
    if (lease.isEmpty()) {
      ledger.requireRoomFor(AdmissionDesk.LABEL, image.worstBytes() + image.keepFreeBytes());
      return Optional.empty();
    }
    synchronized (lock) {
      inFlight++;
    }
    return Optional.of(new Credit(lease.get()));
  }

  /** Completes when it is worth asking again. */
  public CompletableFuture<Void> opened() {
    synchronized (lock) {
      if (inFlight >= capacity) {
        return oneLess;
      }
    }
    return ledger.whenFree(image.worstBytes() + image.keepFreeBytes());
  }

  /** Pictures that came through and have not left this process. */
  public int inFlight() {
    synchronized (lock) {
      return inFlight;
    }
  }

  private void leave() {
    CompletableFuture<Void> waited;
    synchronized (lock) {
      inFlight--;
      waited = oneLess;
      oneLess = new CompletableFuture<>();
    }
    waited.complete(null);
  }

  /** The right to read one picture. Owned by the source's task thread. */
  public final class Credit implements AutoCloseable {
    private final MemoryLease lease;
    private boolean used;

    private Credit(MemoryLease lease) {
      this.lease = lease;
    }

    /** The admission of the picture that was read, now that its size is known. */
    public Admission admit(long encodedBytes) {
      if (used) {
        throw new IllegalStateException("a credit admits one picture");
      }
      used = true;
      lease.shrinkTo(image.workBytes() + Math.max(0, encodedBytes));
      return Admission.of(owner, lease, CreditGate.this::leave);
    }

    public boolean isUsed() {
      return used;
    }

    /** Gives the credit back unless a picture was read. */
    @Override
    public void close() {
      if (!used) {
        used = true;
        lease.close();
        leave();
      }
    }
  }
}
