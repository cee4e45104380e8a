package dev.sluice.operators.reuse;

import dev.sluice.operators.CacheOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Results that are kept: for a time, up to a number and a size, the longest unused go first. Not
 * thread-safe.
 *
 * @param <V> the results
 */
final class ResultCache<V> {
  /** A key's two hashes, its length and the time, as they are written. */
  private static final long KEY_BYTES = 150;

  private static final float LOAD_FACTOR = 0.75f;

  private final CacheOptions.Limits limits;
  private final LongSupplier millis;

  /** In the order of use, the longest unused first. */
  private final Map<ResultKey, Entry<V>> entries = new LinkedHashMap<>(16, LOAD_FACTOR, true);

  private long bytes;

  /**
   * @param millis since the epoch, since entries outlive the process
   */
  ResultCache(CacheOptions.Limits limits, LongSupplier millis) {
    this.limits = limits;
    this.millis = millis;
  }

  Optional<V> get(ResultKey key) {
    Entry<V> entry = entries.get(key);
    if (entry != null && isExpired(entry)) {
      remove(key);
      entry = null;
    }
    return Optional.ofNullable(entry).map(Entry::value);
  }

  /**
   * Keeps a result that was computed now.
   *
   * @param valueBytes as it is written
   * @param owner which subtask writes it into checkpoints
   */
  void put(ResultKey key, V value, long valueBytes, int owner) {
    restore(new Entry<>(key, value, valueBytes, owner, millis.getAsLong()));
  }

  /** Keeps a result that was computed earlier, if its time is not over. */
  void restore(Entry<V> entry) {
    remove(entry.key);
    if (isExpired(entry) || sizeOf(entry) > limits.maxBytes()) {
      return;
    }
    entries.put(entry.key, entry);
    bytes += sizeOf(entry);
    while (entries.size() > limits.maxEntries() || bytes > limits.maxBytes()) {
      remove(entries.keySet().iterator().next());
    }
  }

  /** What a subtask has to write into a checkpoint, the longest unused first. */
  List<Entry<V>> entriesOf(int owner) {
    entries.values().stream()
        .filter(this::isExpired)
        .map(Entry::key)
        .toList()
        .forEach(this::remove);
    List<Entry<V>> own = new ArrayList<>();
    for (Entry<V> entry : entries.values()) {
      if (entry.owner == owner) {
        own.add(entry);
      }
    }
    return own;
  }

  int size() {
    return entries.size();
  }

  long bytes() {
    return bytes;
  }

  private void remove(ResultKey key) {
    Entry<V> entry = entries.remove(key);
    if (entry != null) {
      bytes -= sizeOf(entry);
    }
  }

  private boolean isExpired(Entry<V> entry) {
    return millis.getAsLong() - entry.computedMillis >= limits.ttl().toMillis();
  }

  private static long sizeOf(Entry<?> entry) {
    return KEY_BYTES + entry.valueBytes;
  }

  /**
   * A result that is kept. Immutable.
   *
   * @param owner which subtask writes it into checkpoints
   * @param computedMillis when, in milliseconds since the epoch
   */
  record Entry<V>(ResultKey key, V value, long valueBytes, int owner, long computedMillis) {}
}
