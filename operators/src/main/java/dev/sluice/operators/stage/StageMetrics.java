package dev.sluice.operators.stage;

import dev.sluice.models.memory.MemoryLedger;
import dev.sluice.serde.Rejection.Category;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/** What an operator tells Flink's metric reporters. Owned by the task thread. */
final class StageMetrics {
  private final MetricGroup group;
  private final Map<Category, Counter> rejected = new EnumMap<>(Category.class);

  private StageMetrics(MetricGroup group) {
    this.group = group;
  }

  static StageMetrics register(MetricGroup operator, IntSupplier inFlight, MemoryLedger ledger) {
    MetricGroup group = operator.addGroup("sluice");
    group.gauge("inFlight", (Gauge<Integer>) inFlight::getAsInt);
    group.gauge("ledgerUsedBytes", (Gauge<Long>) ledger::usedBytes);
    group.gauge("ledgerBudgetBytes", (Gauge<Long>) ledger::budgetBytes);
    return new StageMetrics(group);
  }

  void rejected(Category category) {
    rejected
        .computeIfAbsent(
            category,
            first ->
                group
                    .addGroup("category", first.name().toLowerCase(Locale.ROOT))
                    .counter("rejected"))
        .inc();
  }
}
