package dev.sluice.models.memory;

/** The ledger has no room for a lease; the message says who holds what. */
public final class NoRoomException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NoRoomException(String label, long bytes, String ledger) {
    super(
        "no room for %s (%s) on %s; raise sluice.memory.budget or lower the load"
            .formatted(MemoryLedger.mebibytes(bytes), label, ledger));
  }
}
