package dev.sluice.models.memory;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Bytes of a {@link MemoryLedger} held under a label until closed. Thread-safe; closing twice
 * releases once.
 */
public final class MemoryLease implements AutoCloseable {
  private final MemoryLedger ledger;
  private final String label;
  private final long bytes;
  private final AtomicBoolean closed = new AtomicBoolean();

  MemoryLease(MemoryLedger ledger, String label, long bytes) {
    this.ledger = ledger;
    this.label = label;
    this.bytes = bytes;
  }

  public String label() {
    return label;
  }

  public long bytes() {
    return bytes;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      ledger.release(label, bytes);
    }
  }
}
