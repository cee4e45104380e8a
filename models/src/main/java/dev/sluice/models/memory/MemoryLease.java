package dev.sluice.models.memory;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes of a {@link MemoryLedger} held under a label until closed. Thread-safe; closing twice
 * releases once.
 */
public final class MemoryLease implements AutoCloseable {
  private static final long CLOSED = -1;

  private final MemoryLedger ledger;
  private final Term term;
  private final String label;
  private final AtomicLong bytes;

  MemoryLease(MemoryLedger ledger, Term term, String label, long bytes) {
    this.ledger = ledger;
    this.term = term;
    this.label = label;
    this.bytes = new AtomicLong(bytes);
  }

  public String label() {
    return label;
  }

  /** Bytes held now, 0 once closed. */
  public long bytes() {
    return Math.max(0, bytes.get());
  }

  /** Gives back what is above the given size; does nothing where less is held. */
  public void shrinkTo(long newBytes) {
    if (newBytes < 0) {
      throw new IllegalArgumentException(
          "lease '" + label + "': expected 0 bytes or more, found " + newBytes);
    }
    long held = bytes.getAndUpdate(now -> Math.min(now, newBytes));
    if (held > newBytes) {
      ledger.release(term, label, held - newBytes);
    }
  }

  @Override
  public void close() {
    long held = bytes.getAndSet(CLOSED);
    if (held != CLOSED) {
      ledger.release(term, label, held);
    }
  }

  /** How long a lease is held. */
  enum Term {
    /** While a model is loaded. */
    LONG,
    /** While a picture is worked on. */
    SHORT
  }
}
