package dev.sluice.operators.stage;

import dev.sluice.operators.reuse.SharedResults;
import dev.sluice.serde.Provenance.CacheUse;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/**
 * Shows Flink's reporters how often results are reused; docs/metrics.md says what each name means.
 * Owned by the task thread.
 */
final class ReuseMetrics {
  private final Counter hits;
  private final Counter shared;
  private final Counter misses;

  private ReuseMetrics(MetricGroup group) {
    this.hits = group.counter("cacheHits");
    this.shared = group.counter("cacheShared");
    this.misses = group.counter("cacheMisses");
  }

  static ReuseMetrics register(MetricGroup operator, SharedResults<?> results) {
    MetricGroup group = operator.addGroup("sluice");
    group.gauge("cacheEntries", (Gauge<Integer>) results::entries);
    group.gauge("cacheBytes", (Gauge<Long>) results::bytes);
    return new ReuseMetrics(group);
  }

  void answered(CacheUse how) {
    switch (how) {
      case HIT -> hits.inc();
      case SHARED -> shared.inc();
      case NONE -> misses.inc();
    }
  }
}
