package dev.sluice.operators.stage;

import dev.sluice.models.memory.MemoryLedger;
import dev.sluice.operators.device.DeviceRuntime;
import dev.sluice.serde.Rejection.Category;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/** What an operator tells Flink's metric reporters. Owned by the task thread. */
final class StageMetrics {
  private static final int WORK_SAMPLES = 1000;

  private final MetricGroup group;
  private final Histogram workMicros;
  private final Map<Category, Counter> rejected = new EnumMap<>(Category.class);

  private StageMetrics(MetricGroup group) {
    this.group = group;
    this.workMicros =
        group.histogram("workMicros", new DescriptiveStatisticsHistogram(WORK_SAMPLES));
  }

  static StageMetrics register(MetricGroup operator, IntSupplier inFlight, DeviceRuntime runtime) {
    MetricGroup group = operator.addGroup("sluice");
    group.gauge("inFlight", (Gauge<Integer>) inFlight::getAsInt);
    MemoryLedger ledger = runtime.ledger();
    group.gauge("ledgerUsedBytes", (Gauge<Long>) ledger::usedBytes);
    group.gauge("ledgerBudgetBytes", (Gauge<Long>) ledger::budgetBytes);
    group.gauge("encodeBatchFill", (Gauge<Double>) runtime::encodeBatchFill);
    return new StageMetrics(group);
  }

  void worked(long micros) {
    workMicros.update(micros);
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
