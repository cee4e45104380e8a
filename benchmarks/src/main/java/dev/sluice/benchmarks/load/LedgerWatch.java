package dev.sluice.benchmarks.load;

import dev.sluice.models.memory.MemoryLedger;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Looks at a ledger every 10 ms. Thread-safe; looks in a thread of its own. */
final class LedgerWatch implements AutoCloseable {
  private static final long EVERY_MILLIS = 10;

  private final MemoryLedger ledger;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "watch-ledger"));
  private long samples;
  private long overBudget;
  private long mostBytes;

  LedgerWatch(MemoryLedger ledger) {
    this.ledger = ledger;
    var unused = timer.scheduleAtFixedRate(this::look, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  synchronized long samples() {
    return samples;
  }

  /** Samples that found more leased than the budget. */
  synchronized long overBudget() {
    return overBudget;
  }

  synchronized long mostBytes() {
    return mostBytes;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  private synchronized void look() {
    long used = ledger.usedBytes();
    samples++;
    mostBytes = Math.max(mostBytes, used);
    if (used > ledger.budgetBytes()) {
      overBudget++;
    }
  }
}
