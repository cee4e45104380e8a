package dev.sluice.jobs.demo;

import dev.sluice.serde.Caption;
import dev.sluice.serde.Provenance;
import dev.sluice.serde.Rejection;
import dev.sluice.serde.StageTimings;
import dev.sluice.serde.Verdict;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What has come out, by event. Thread-safe. */
final class DemoResults {
  private final Set<String> captions = new HashSet<>();
  private final Map<String, Verdict.Decision> verdicts = new HashMap<>();
  private final Map<String, Rejection.Category> rejections = new HashMap<>();
  private StageTimings work = StageTimings.NONE;
  private int twice;
  private long lastNanos = System.nanoTime();

  synchronized void add(Caption caption) {
    note(captions.add(caption.identity().eventId()), caption.provenance());
  }

  synchronized void add(Verdict verdict) {
    note(
        verdicts.put(verdict.identity().eventId(), verdict.decision()) == null,
        verdict.provenance());
  }

  /**
   * Takes a rejection; each job writes its own.
   *
   * @return whether it is the first of its event
   */
  synchronized boolean add(Rejection rejection) {
    lastNanos = System.nanoTime();
    return rejections.put(rejection.identity().eventId(), rejection.category()) == null;
  }

  private void note(boolean first, Provenance provenance) {
    if (!first) {
      twice++;
    }
    lastNanos = System.nanoTime();
    StageTimings more = provenance.timings();
    work =
        new StageTimings(
            work.readMicros() + more.readMicros(),
            work.sliceMicros() + more.sliceMicros(),
            work.encodeMicros() + more.encodeMicros(),
            work.decodeMicros() + more.decodeMicros());
  }

  /** What has come out up to now. */
  synchronized Snapshot snapshot() {
    Map<String, Integer> decisions = new TreeMap<>();
    verdicts.values().forEach(decision -> decisions.merge(decision.name(), 1, Integer::sum));
    Map<String, Integer> categories = new TreeMap<>();
    rejections.values().forEach(category -> categories.merge(category.name(), 1, Integer::sum));
    return new Snapshot(
        captions.size(),
        verdicts.size(),
        rejections.size(),
        twice,
        decisions,
        categories,
        work,
        lastNanos);
  }

  /**
   * Counts at one moment. Immutable.
   *
   * @param captions events that have one
   * @param rejected events that were rejected, by one job or both
   * @param twice results that came for an event that had one already
   * @param lastNanos when the last result came, by {@link System#nanoTime()}
   */
  record Snapshot(
      int captions,
      int verdicts,
      int rejected,
      int twice,
      Map<String, Integer> decisions,
      Map<String, Integer> rejections,
      StageTimings work,
      long lastNanos) {

    /** Whether this many events have both answers, or a rejection. */
    boolean isComplete(int events) {
      return captions + rejected >= events && verdicts + rejected >= events;
    }

    /** Whether nothing is missing and nothing came twice. */
    boolean isExact(int events) {
      return captions + rejected == events && verdicts + rejected == events && twice == 0;
    }
  }
}
