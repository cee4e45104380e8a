package dev.sluice.models.memory;

import dev.sluice.models.memory.LeaseRequest.Precedence;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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
 * ({@link #tryLease}, {@link #leaseInTurn}) come and go with the pictures. Nobody starves: new work
 * waits in one line for all subtasks and jobs, and a large request at its head holds smaller ones
 * back (docs/decisions/0019-credits-in-turn.md).
 */
public final class MemoryLedger {
  private final String device;
  private final long budgetBytes;
  private final Object lock = new Object();
  private final Map<String, Long> bytesByLabel = new TreeMap<>();
  private final List<Waiter> underWay = new ArrayList<>();
  private final Deque<Waiter> line = new ArrayDeque<>();
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

  /** A short lease, or nothing where there is no room now or others are before it in line. */
  public Optional<MemoryLease> tryLease(LeaseRequest request) {
    synchronized (lock) {
      boolean passes =
          request.precedence() == Precedence.UNDER_WAY || (underWay.isEmpty() && line.isEmpty());
      return passes && request.neededBytes() <= budgetBytes - usedBytes
          ? Optional.of(grant(MemoryLease.Term.SHORT, request.label(), request.bytes()))
          : Optional.empty();
    }
  }

  /**
   * A short lease as soon as it is this request's turn. Whoever gets it closes it; cancelling the
   * future gives the place in line up.
   *
   * @return fails with {@link NoRoomException} if there can never be room while the long leases are
   *     held
   */
  public CompletableFuture<MemoryLease> leaseInTurn(LeaseRequest request) {
    Waiter waiter = new Waiter(request, new CompletableFuture<>());
    synchronized (lock) {
      (request.precedence() == Precedence.UNDER_WAY ? underWay : line).add(waiter);
    }
    serve();
    var unused =
        waiter
            .future()
            .whenComplete(
                (lease, failure) -> {
                  if (failure != null) {
                    serve();
                  }
                });
    return waiter.future();
  }

  /**
   * A long lease of the bytes, at once.
   *
   * @throws NoRoomException if there is no room; the message names all holders
   */
  public MemoryLease lease(String label, long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException(
          "lease '" + label + "': expected 0 bytes or more, found " + bytes);
    }
    MemoryLease lease;
    synchronized (lock) {
      if (bytes > budgetBytes - usedBytes) {
        throw new NoRoomException(label, bytes, describe());
      }
      lease = grant(MemoryLease.Term.LONG, label, bytes);
    }
    // Who waits for more than is left now must know.
    serve();
    return lease;
  }

  /**
   * Makes sure that a short lease of this size can be had once all other short leases are back.
   *
   * @throws NoRoomException if it never can, while the long leases are held
   */
  public void requireRoomFor(LeaseRequest request) {
    synchronized (lock) {
      if (request.neededBytes() > budgetBytes - longBytes) {
        throw never(request);
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

  /** What all short leases together may hold now. */
  public long shortTermBytes() {
    synchronized (lock) {
      return budgetBytes - longBytes;
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
    synchronized (lock) {
      add(term, label, -bytes);
    }
    serve();
  }

  /** Grants what can be granted now. */
  private void serve() {
    List<Runnable> answers = new ArrayList<>();
    synchronized (lock) {
      underWay.removeIf(waiter -> isOver(waiter, answers) || grantTo(waiter, answers));
      line.removeIf(waiter -> isOver(waiter, answers));
      while (underWay.isEmpty() && !line.isEmpty() && grantTo(line.element(), answers)) {
        line.remove();
      }
    }
    // Outside the lock: whoever is answered may ask for more at once.
    answers.forEach(Runnable::run);
  }

  /** Whether nobody waits any more, or there is nothing to wait for. */
  private boolean isOver(Waiter waiter, List<Runnable> answers) {
    if (waiter.future().isDone()) {
      return true;
    }
    LeaseRequest request = waiter.request();
    if (request.neededBytes() <= budgetBytes - longBytes) {
      return false;
    }
    NoRoomException never = never(request);
    answers.add(() -> waiter.future().completeExceptionally(never));
    return true;
  }

  private NoRoomException never(LeaseRequest request) {
    return new NoRoomException(request.label(), request.neededBytes(), describe());
  }

  private boolean grantTo(Waiter waiter, List<Runnable> answers) {
    LeaseRequest request = waiter.request();
    if (request.neededBytes() > budgetBytes - usedBytes) {
      return false;
    }
    MemoryLease lease = grant(MemoryLease.Term.SHORT, request.label(), request.bytes());
    answers.add(
        () -> {
          if (!waiter.future().complete(lease)) {
            lease.close();
          }
        });
    return true;
  }

  private MemoryLease grant(MemoryLease.Term term, String label, long bytes) {
    add(term, label, bytes);
    peakBytes = Math.max(peakBytes, usedBytes);
    return new MemoryLease(this, term, label, bytes);
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

  private record Waiter(LeaseRequest request, CompletableFuture<MemoryLease> future) {}
}
