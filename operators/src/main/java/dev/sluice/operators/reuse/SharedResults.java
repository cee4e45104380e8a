package dev.sluice.operators.reuse;

import dev.sluice.operators.CacheOptions;
import dev.sluice.operators.device.ImageRejectedException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * The results of one step of a job in this process, kept or under way. Thread-safe: all subtasks of
 * the process share it.
 *
 * @param <V> the results
 */
public final class SharedResults<V> {
  private final ResultCache<V> cache;
  private final ToLongFunction<V> sizeOf;
  private final Map<ResultKey, Flight<V>> flights = new HashMap<>();

  /**
   * @param millis since the epoch
   * @param sizeOf bytes of a result as it is written
   */
  public SharedResults(CacheOptions.Limits limits, LongSupplier millis, ToLongFunction<V> sizeOf) {
    this.cache = new ResultCache<>(limits, millis);
    this.sizeOf = sizeOf;
  }

  /**
   * Asks for a result on behalf of an event; where nobody has it or works on it, the event leads.
   *
   * @param event stands for the event; by identity, so that the one that leads may ask again
   */
  public synchronized Claim<V> claim(ResultKey key, Object event) {
    Optional<V> known = cache.get(key);
    if (known.isPresent()) {
      return new Claim.Known<>(known.get());
    }
    Flight<V> flight = flights.computeIfAbsent(key, absent -> new Flight<>(key, event));
    return flight.isLedBy(event)
        ? new Claim.Leading<>(new Lead<>(this, flight))
        : new Claim.Following<>(flight.landing());
  }

  /** What a subtask has to write into a checkpoint, the longest unused first. */
  public synchronized List<Kept<V>> keptBy(int owner) {
    return cache.entriesOf(owner).stream()
        .map(entry -> new Kept<>(entry.key(), entry.value(), entry.computedMillis()))
        .toList();
  }

  /** Takes back what a subtask has read from a checkpoint. */
  public synchronized void restore(Kept<V> kept, int owner) {
    cache.restore(
        new ResultCache.Entry<>(
            kept.key, kept.value, sizeOf.applyAsLong(kept.value), owner, kept.computedMillis));
  }

  /** Results that are kept. */
  public synchronized int entries() {
    return cache.size();
  }

  /** What they take in checkpoints. */
  public synchronized long bytes() {
    return cache.bytes();
  }

  void land(Flight<V> flight, V value, int owner) {
    long valueBytes = sizeOf.applyAsLong(value);
    synchronized (this) {
      if (!remove(flight)) {
        return;
      }
      // In one step: nobody finds it neither under way nor kept.
      cache.put(flight.key(), value, valueBytes, owner);
    }
    flight.landing().complete(Optional.of(value));
  }

  void reject(Flight<V> flight, ImageRejectedException rejection) {
    if (remove(flight)) {
      flight.landing().completeExceptionally(rejection);
    }
  }

  void abandon(Flight<V> flight) {
    if (remove(flight)) {
      flight.landing().complete(Optional.empty());
    }
  }

  private synchronized boolean remove(Flight<V> flight) {
    return flights.remove(flight.key(), flight);
  }

  /** A result that outlives its process. Immutable. */
  public record Kept<V>(ResultKey key, V value, long computedMillis) {}
}
