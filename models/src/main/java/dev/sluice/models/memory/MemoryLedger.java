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
 * closed once. Who finds no room either gives up or waits for {@link #available()}; waiting is the
 * caller's business, since most callers must not block.
 */
public final class MemoryLedger {
  private final String device;
  private final long budgetBytes;
  private final Object lock = new Object();
  private final Map<String, Long> bytesByLabel = new TreeMap<>();
  private final List<CompletableFuture<Void>> waiters = new ArrayList<>();
  private long usedBytes;
  private long peakBytes;

  public MemoryLedger(String device, long budgetBytes) {
    if (budgetBytes < 1) {
      throw new IllegalArgumentException(
          "budget of " + device + ": expected at least 1 byte, found " + budgetBytes);
    }
    this.device = device;
    this.budgetBytes = budgetBytes;
  }

  /** Leases the bytes, or nothing where there is no room now. */
  public Optional<MemoryLease> tryLease(String label, long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException(
          "lease '" + label + "': expected 0 bytes or more, found " + bytes);
    }
    synchronized (lock) {
      if (bytes > budgetBytes - usedBytes) {
        return Optional.empty();
      }
      add(label, bytes);
      return Optional.of(new MemoryLease(this, label, bytes));
    }
  }

  /**
   * Leases the bytes at once.
   *
   * @throws NoRoomException if there is no room; the message names all holders
   */
  public MemoryLease lease(String label, long bytes) {
    return tryLease(label, bytes).orElseThrow(() -> new NoRoomException(label, bytes, describe()));
  }

  /**
   * Completes when some memory has come back since this call; completed futures are never handed
   * out twice.
   */
  public CompletableFuture<Void> available() {
    CompletableFuture<Void> future = new CompletableFuture<>();
    synchronized (lock) {
      waiters.add(future);
    }
    return future;
  }

  public long budgetBytes() {
    return budgetBytes;
  }

  public long usedBytes() {
    synchronized (lock) {
      return usedBytes;
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

  void release(String label, long bytes) {
    List<CompletableFuture<Void>> woken;
    synchronized (lock) {
      usedBytes -= bytes;
      bytesByLabel.merge(label, -bytes, Long::sum);
      bytesByLabel.remove(label, 0L);
      woken = List.copyOf(waiters);
      waiters.clear();
    }
    woken.forEach(future -> future.complete(null));
  }

  private void add(String label, long bytes) {
    usedBytes += bytes;
    peakBytes = Math.max(peakBytes, usedBytes);
    if (bytes > 0) {
      bytesByLabel.merge(label, bytes, Long::sum);
    }
  }

  static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
  }
}
