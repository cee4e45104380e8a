package dev.sluice.operators.memory;

import dev.sluice.models.memory.LeaseRequest;
import dev.sluice.models.memory.LeaseRequest.Precedence;
import dev.sluice.models.memory.MemoryLease;
import dev.sluice.models.memory.MemoryLedger;
import dev.sluice.operators.metrics.BusyClock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Lets a source read a picture when the ledger covers its worst case and not too many are in
 * flight. All gates of a process wait in one line, so that none starves. Owned by the source's task
 * thread; admissions come back from any thread.
 */
public final class CreditGate implements AutoCloseable {
  private final MemoryLedger ledger;
  private final Object owner;
  private final ImageBytes estimate;
  private final CostCorrection correction;
  private final int capacity;
  private final Object lock = new Object();
  private final BusyClock withoutPlace = new BusyClock(System::nanoTime);
  private final BusyClock withoutMemory = new BusyClock(System::nanoTime);
  private @Nullable BusyClock closed;
  private @Nullable Turn turn;
  private int inFlight;
  private long admitted;
  private CompletableFuture<Void> oneLess = new CompletableFuture<>();

  /**
   * @param owner the model that works on the pictures
   * @param capacity most pictures in flight
   */
  public CreditGate(
      MemoryLedger ledger,
      Object owner,
      ImageBytes estimate,
      CostCorrection correction,
      int capacity) {
    this.ledger = ledger;
    this.owner = owner;
    this.estimate = estimate;
    this.correction = correction;
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
    Optional<MemoryLease> lease = takeLease();
    if (lease.isEmpty()) {
      ledger.requireRoomFor(worstCase());
      closed(withoutMemory);
      return Optional.empty();
    }
    closed(null);
    synchronized (lock) {
      inFlight++;
    }
    return Optional.of(new Credit(lease.get()));
  }

  /**
   * Completes when it is worth asking again. To be asked by who has something to read: it takes a
   * place in line, and the credit is kept for it when its turn comes.
   */
  public CompletableFuture<Void> opened() {
    synchronized (lock) {
      if (inFlight >= capacity) {
        closed(withoutPlace);
        return oneLess;
      }
    }
    Turn waiting = turn == null ? Turn.of(ledger.leaseInTurn(worstCase())) : turn;
    turn = waiting;
    closed(waiting.over().isDone() ? null : withoutMemory);
    return waiting.over();
  }

  /** Gives the place in line up, and the credit that has been kept. */
  @Override
  public void close() {
    Turn waiting = turn;
    turn = null;
    if (waiting != null
        && !waiting.lease().cancel(false)
        && !waiting.lease().isCompletedExceptionally()) {
      waiting.lease().join().close();
    }
  }

  private ImageBytes image() {
    return estimate.corrected(correction.factor(), ledger.shortTermBytes());
  }

  private LeaseRequest worstCase() {
    ImageBytes image = image();
    return new LeaseRequest(
        AdmissionDesk.LABEL, image.worstBytes(), image.keepFreeBytes(), Precedence.NEW);
  }

  private Optional<MemoryLease> takeLease() {
    Turn waiting = turn;
    if (waiting == null) {
      return ledger.tryLease(worstCase());
    }
    if (!waiting.lease().isDone()) {
      return Optional.empty();
    }
    turn = null;
    try {
      return Optional.of(waiting.lease().join());
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException never ? never : e;
    }
  }

  /** Pictures that came through and have not left this process. */
  public int inFlight() {
    synchronized (lock) {
      return inFlight;
    }
  }

  /** Pictures that could come through now. */
  public int credits() {
    ImageBytes image = image();
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

  /**
   * A place in line.
   *
   * @param over completes with the lease, well or not: a failure is for who takes it
   */
  private record Turn(CompletableFuture<MemoryLease> lease, CompletableFuture<Void> over) {
    static Turn of(CompletableFuture<MemoryLease> lease) {
      CompletableFuture<Void> over = new CompletableFuture<>();
      var unused = lease.whenComplete((granted, failure) -> over.complete(null));
      return new Turn(lease, over);
    }
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
      lease.shrinkTo(image().bytesOf(fileBytes));
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
