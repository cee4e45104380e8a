package dev.sluice.operators.memory;

import dev.sluice.models.memory.MemoryLease;
import dev.sluice.models.memory.MemoryLedger;
import dev.sluice.operators.metrics.BusyClock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

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
  private final BusyClock withoutPlace = new BusyClock(System::nanoTime);
  private final BusyClock withoutMemory = new BusyClock(System::nanoTime);
  private @Nullable BusyClock closed;
  private int inFlight;
  private long admitted;
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
        closed(withoutPlace);
        return Optional.empty();
      }
    }
    // Only the task thread adds to the count, so it cannot have grown in between.
    Optional<MemoryLease> lease =
        ledger.tryLease(AdmissionDesk.LABEL, image.worstBytes(), image.keepFreeBytes());
    if (lease.isEmpty()) {
      ledger.requireRoomFor(AdmissionDesk.LABEL, image.worstBytes() + image.keepFreeBytes());
      closed(withoutMemory);
      return Optional.empty();
    }
    closed(null);
    synchronized (lock) {
      inFlight++;
    }
    return Optional.of(new Credit(lease.get()));
  }

  /** Completes when it is worth asking again; to be asked by who wants to read. */
  public CompletableFuture<Void> opened() {
    synchronized (lock) {
      if (inFlight >= capacity) {
        closed(withoutPlace);
        return oneLess;
      }
    }
    CompletableFuture<Void> room = ledger.whenFree(image.worstBytes() + image.keepFreeBytes());
    closed(room.isDone() ? null : withoutMemory);
    return room;
  }

  /** Pictures that came through and have not left this process. */
  public int inFlight() {
    synchronized (lock) {
      return inFlight;
    }
  }

  /** Pictures that could come through now. */
  public int credits() {
    long freeBytes = ledger.freeBytes() - image.keepFreeBytes();
    int places = capacity - inFlight();
    return (int) Math.max(0, Math.min(places, freeBytes / Math.max(1, image.worstBytes())));
  }

  /** Pictures that have come through so far. */
  public long admitted() {
    synchronized (lock) {
      return admitted;
    }
  }

  /** How long pictures have waited because too many were in flight. */
  public BusyClock withoutPlace() {
    return withoutPlace;
  }

  /** How long pictures have waited for memory. */
  public BusyClock withoutMemory() {
    return withoutMemory;
  }

  /**
   * @param reason null where it is open
   */
  private void closed(@Nullable BusyClock reason) {
    if (closed != null) {
      closed.end();
    }
    if (reason != null) {
      reason.begin();
    }
    closed = reason;
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

    /**
     * The admission of the picture that was read.
     *
     * @param fileBytes negative where its size is still unknown
     */
    public Admission admit(long fileBytes) {
      if (used) {
        throw new IllegalStateException("a credit admits one picture");
      }
      used = true;
      synchronized (lock) {
        admitted++;
      }
      lease.shrinkTo(image.bytesOf(fileBytes));
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
