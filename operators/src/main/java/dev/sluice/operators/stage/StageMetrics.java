package dev.sluice.operators.stage;

import dev.sluice.operators.device.DeviceMetrics;
import dev.sluice.operators.device.DeviceRuntime;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Rejection.Category;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/**
 * Shows Flink's reporters what an operator does; docs/metrics.md says what each name means. Owned
 * by the task thread.
 */
final class StageMetrics {
  private static final int SAMPLES = 1000;

  private final Counter inFlight;
  private final Counter inFlightBytes;
  private final Counter degraded;
  private final Histogram workMicros;
  private final Histogram waitMicros;
  private final Map<Category, Counter> rejected = new EnumMap<>(Category.class);

  private StageMetrics(MetricGroup group) {
    this.inFlight = group.counter("inFlight");
    this.inFlightBytes = group.counter("inFlightBytes");
    this.degraded = group.counter("degraded");
    this.workMicros = group.histogram("workMicros", new DescriptiveStatisticsHistogram(SAMPLES));
    this.waitMicros = group.histogram("waitMicros", new DescriptiveStatisticsHistogram(SAMPLES));
    for (Category category : Category.values()) {
      rejected.put(
          category,
          group.addGroup("category", category.name().toLowerCase(Locale.ROOT)).counter("rejected"));
    }
  }

  static StageMetrics register(MetricGroup operator, DeviceRuntime runtime) {
    MetricGroup group = operator.addGroup("sluice");
    DeviceMetrics.register(group, runtime);
    return new StageMetrics(group);
  }

  void cameIn(ImageEvent event) {
    inFlight.inc();
    inFlightBytes.inc(bytesOf(event));
  }

  void left(ImageEvent event) {
    inFlight.dec();
    inFlightBytes.dec(bytesOf(event));
  }

  /**
   * @param ageNanos from coming in to leaving
   */
  void worked(long micros, long ageNanos) {
    workMicros.update(micros);
    waitMicros.update(Math.max(0, TimeUnit.NANOSECONDS.toMicros(ageNanos) - micros));
  }

  void degraded() {
    degraded.inc();
  }

  void rejected(Category category) {
    Counter counter = rejected.get(category);
    if (counter != null) {
      counter.inc();
    }
  }

  /** What the event takes in a checkpoint, but for its few words. */
  private static long bytesOf(ImageEvent event) {
    return ImageWork.bytesInState(event);
  }
}
