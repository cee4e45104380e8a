package dev.sluice.operators.policy;

import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/**
 * Shows Flink's reporters what became of policies; docs/metrics.md says what each name means. Owned
 * by the task thread.
 */
final class PolicyMetrics {
  private final Counter applied;
  private final Counter rejected;
  private volatile int known;

  private PolicyMetrics(MetricGroup group) {
    applied = group.counter("policiesApplied");
    rejected = group.counter("policiesRejected");
    group.gauge("policyChanges", (Gauge<Integer>) () -> known);
  }

  static PolicyMetrics register(MetricGroup operator) {
    return new PolicyMetrics(operator.addGroup("sluice"));
  }

  void applied() {
    applied.inc();
  }

  void rejected() {
    rejected.inc();
  }

  /** How many changes there are, past and to come. */
  void knows(int changes) {
    known = changes;
  }
}
