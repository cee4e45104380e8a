package dev.sluice.jobs.watch;

import dev.sluice.serde.Caption;
import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.Rejection;
import dev.sluice.serde.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * The newest pictures and what is known about each. Thread-safe.
 *
 * <p>Every change has a number, and a reader asks for what has changed since the last number that
 * it knows. So a slow reader misses intermediate states but never the last, and nothing is kept for
 * it: the board's size bounds what can be owed to anybody.
 */
final class Board {
  private final int capacity;
  private final Map<String, Card> cards = new LinkedHashMap<>();
  private final NavigableMap<Long, String> changes = new TreeMap<>();
  private final Map<String, Long> counts = new TreeMap<>();
  private long version;
  private long lastNumber;

  /**
   * @param capacity most pictures; the oldest go first
   */
  Board(int capacity) {
    this.capacity = capacity;
  }

  void caption(Caption caption) {
    change(caption.identity(), "captions", card -> card.with(caption));
  }

  void verdict(Verdict verdict) {
    change(verdict.identity(), verdict.decision().name(), card -> card.with(verdict));
  }

  void rejection(Rejection rejection) {
    change(rejection.identity(), "rejections", card -> card.with(rejection));
  }

  /** A picture that came by. */
  void picture(EventIdentity identity) {
    change(identity, "pictures", card -> card);
  }

  /** Its preview can be had. */
  void preview(EventIdentity identity) {
    change(identity, "previews", Card::withPreview);
  }

  /** Waits up to some time for changes that the reader does not know. */
  synchronized Changes after(long known, int most, long patienceMillis)
      throws InterruptedException {
    long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
    while (version <= known && deadlineNanos - System.nanoTime() > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, deadlineNanos - System.nanoTime());
    }
    List<Card> changed =
        changes.tailMap(known, false).values().stream()
            .limit(most)
            .map(eventId -> cards.get(eventId))
            .toList();
    long upTo = changed.isEmpty() ? known : changed.get(changed.size() - 1).version();
    return new Changes(upTo, changed, Map.copyOf(counts));
  }

  private synchronized void change(
      EventIdentity identity, String counted, UnaryOperator<Card> change) {
    counts.merge(counted, 1L, Long::sum);
    Card old = cards.get(identity.eventId());
    if (old == null) {
      old = Card.first(++lastNumber, identity);
    } else {
      changes.remove(old.version());
    }
    Card changed = change.apply(old).as(++version);
    cards.put(identity.eventId(), changed);
    changes.put(version, identity.eventId());
    if (cards.size() > capacity) {
      Card oldest = cards.remove(cards.keySet().iterator().next());
      changes.remove(oldest.version());
    }
    notifyAll();
  }

  /**
   * What a reader did not know. Immutable.
   *
   * @param version the number to ask with next
   * @param counts what has come by since the beginning, by kind
   */
  record Changes(long version, List<Card> cards, Map<String, Long> counts) {}
}
