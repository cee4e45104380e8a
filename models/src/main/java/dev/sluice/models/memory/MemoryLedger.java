package dev.sluice.models.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * Who holds how many bytes of one device's memory. Thread-safe; never blocks.
 *
 * <p>There is one ledger per device and process. A lease is asked for before memory is used and is
 * closed once. Long leases ({@link #lease}) are held for as long as a model is loaded; short leases
 * ({@link #tryLease}) come and go with the pictures. Who finds no room either gives up or waits for
 * {@link #whenFree}; waiting is the caller's business, since most callers must not block.
 */
public final class MemoryLedger {
  private final String device;
  private final long budgetBytes;
  private final Object lock = new Object();
  private final Map<String, Long> bytesByLabel = new TreeMap<>();
  private final List<Waiter> waiters = new ArrayList<>();
  private long usedBytes;
  private long longBytes;
  private long peakBytes;

  public MemoryLedger(String device, long budgetBytes) {
    if (budgetBytes < 1) {
      throw new IllegalArgumentException(
          "budget of " + device + ": expected at least 1 byte, found " + budgetBytes);
    }
    this.device = device;
    this.budgetBytes = budgetBytes;
  }

  /** A short lease of the bytes, or nothing where there is no room now. */
  public Optional<MemoryLease> tryLease(String label, long bytes) {
    return tryLease(label, bytes, 0);
  }

  /** A short lease of the bytes if that much more stays free, or nothing. */
  public Optional<MemoryLease> tryLease(String label, long bytes, long keepFreeBytes) {
    return tryLease(MemoryLease.Term.SHORT, label, bytes, keepFreeBytes);
  }

  /**
   * A long lease of the bytes, at once.
   *
   * @throws NoRoomException if there is no room; the message names all holders
   */
  public MemoryLease lease(String label, long bytes) {
    return tryLease(MemoryLease.Term.LONG, label, bytes, 0)
        .orElseThrow(() -> new NoRoomException(label, bytes, describe()));
  }

  /**
   * Completes when the bytes are free, at once if they are now. Freedom is no promise: the lease
   * may go to somebody else, who asks first.
   */
  public CompletableFuture<Void> whenFree(long bytes) {
    synchronized (lock) {
      if (bytes <= budgetBytes - usedBytes) {
        return CompletableFuture.completedFuture(null);
      }
      waiters.removeIf(waiter -> waiter.future().isDone());
      Waiter waiter = new Waiter(bytes, new CompletableFuture<>());
      waiters.add(waiter);
      return waiter.future();
    }
  }

  /**
   * Makes sure that a short lease of this size can be had once all other short leases are back.
   *
   * @throws NoRoomException if it never can, while the long leases are held
   */
  public void requireRoomFor(String label, long bytes) {
    synchronized (lock) {
      if (bytes > budgetBytes - longBytes) {
        throw new NoRoomException(label, bytes, describe());
      }
    }
  }

  public long budgetBytes() {
    return budgetBytes;
  }

  public long usedBytes() {
    synchronized (lock) {
      return usedBytes;
    }
  }

  /** What long leases hold. */
  public long longBytes() {
    synchronized (lock) {
      return longBytes;
    }
  }

  public long freeBytes() {
    synchronized (lock) {
      return budgetBytes - usedBytes;
    }
  }

  /** The most that was ever leased at once. */
  public long peakBytes() {
    synchronized (lock) {
      return peakBytes;
    }
  }

  /** Leased bytes by label, a copy. */
  public Map<String, Long> bytesByLabel() {
    synchronized (lock) {
      return new TreeMap<>(bytesByLabel);
    }
  }

  /** For example {@code cpu: 22.8 MiB of 24.0 MiB leased (encode 1.7 MiB, weights 21.1 MiB)}. */
  public String describe() {
    synchronized (lock) {
      StringBuilder text =
          new StringBuilder(device + ": " + mebibytes(usedBytes) + " of " + mebibytes(budgetBytes));
      text.append(" leased");
      String separator = " (";
      for (Map.Entry<String, Long> entry : bytesByLabel.entrySet()) {
        text.append(separator)
            .append(entry.getKey())
            .append(' ')
            .append(mebibytes(entry.getValue()));
        separator = ", ";
      }
      return bytesByLabel.isEmpty() ? text.toString() : text.append(')').toString();
    }
  }

  void release(MemoryLease.Term term, String label, long bytes) {
    List<Waiter> woken = new ArrayList<>();
    synchronized (lock) {
      add(term, label, -bytes);
      long freeBytes = budgetBytes - usedBytes;
      for (Waiter waiter : waiters) {
        if (waiter.bytes() <= freeBytes) {
          woken.add(waiter);
        }
      }
      waiters.removeAll(woken);
    }
    // Outside the lock: whoever waits may ask for a lease at once.
    woken.forEach(waiter -> waiter.future().complete(null));
  }

  private Optional<MemoryLease> tryLease(
      MemoryLease.Term term, String label, long bytes, long keepFreeBytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException(
          "lease '" + label + "': expected 0 bytes or more, found " + bytes);
    }
    synchronized (lock) {
      if (bytes > budgetBytes - usedBytes - keepFreeBytes) {
        return Optional.empty();
      }
      add(term, label, bytes);
      peakBytes = Math.max(peakBytes, usedBytes);
      return Optional.of(new MemoryLease(this, term, label, bytes));
    }
  }

  private void add(MemoryLease.Term term, String label, long bytes) {
    usedBytes += bytes;
    if (term == MemoryLease.Term.LONG) {
      longBytes += bytes;
    }
    bytesByLabel.merge(label, bytes, Long::sum);
    bytesByLabel.remove(label, 0L);
  }

  static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
  }

  private record Waiter(long bytes, CompletableFuture<Void> future) {}
}
