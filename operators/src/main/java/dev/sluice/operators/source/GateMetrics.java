package dev.sluice.operators.source;

import dev.sluice.operators.device.DeviceMeters;
import dev.sluice.operators.device.DeviceMeters.Work;
import dev.sluice.operators.device.DeviceRuntime;
import dev.sluice.operators.memory.CreditGate;
import dev.sluice.operators.metrics.RecentRatio;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/**
 * Shows Flink's reporters what a gate lets through and what holds its source up; docs/metrics.md
 * says what each name means. Thread-safe.
 */
final class GateMetrics {
  private final Map<Bottleneck, RecentRatio> shares = new EnumMap<>(Bottleneck.class);

  private GateMetrics(CreditGate gate, DeviceRuntime runtime) {
    DeviceMeters meters = runtime.meters();
    LongSupplier now = meters.nanoTime();
    double perThread = 1.0 / runtime.slicingThreads();
    shares.put(Bottleneck.SLICE, new RecentRatio(meters.clock(Work.SLICE)::nanos, now, perThread));
    shares.put(Bottleneck.ENCODE, RecentRatio.loadOf(meters.clock(Work.ENCODE), now));
    shares.put(Bottleneck.SCORE, RecentRatio.loadOf(meters.clock(Work.SCORE), now));
    shares.put(Bottleneck.GENERATE, RecentRatio.loadOf(meters.clock(Work.GENERATE), now));
    shares.put(Bottleneck.MEMORY, RecentRatio.loadOf(gate.withoutMemory(), now));
    shares.put(Bottleneck.IN_FLIGHT, RecentRatio.loadOf(gate.withoutPlace(), now));
  }

  static void register(MetricGroup operator, CreditGate gate, DeviceRuntime runtime) {
    MetricGroup group = operator.addGroup("sluice");
    group.gauge("admitted", (Gauge<Long>) gate::admitted);
    group.gauge("inFlight", (Gauge<Integer>) gate::inFlight);
    group.gauge("credits", (Gauge<Integer>) gate::credits);
    new GateMetrics(gate, runtime).registerBottleneck(group);
  }

  private void registerBottleneck(MetricGroup group) {
    group.gauge("bottleneck", (Gauge<String>) () -> nameOf(bottleneck()));
    for (Bottleneck limit : Bottleneck.values()) {
      MetricGroup of = group.addGroup("limit", nameOf(limit));
      // Prometheus knows no words: one number for each.
      of.gauge("limiting", (Gauge<Integer>) () -> bottleneck() == limit ? 1 : 0);
      RecentRatio share = shares.get(limit);
      if (share != null) {
        of.gauge("limitShare", share);
      }
    }
  }

  private Bottleneck bottleneck() {
    return Bottleneck.of(this::shareOf);
  }

  private double shareOf(Bottleneck limit) {
    RecentRatio share = shares.get(limit);
    return share == null ? 0 : share.getValue();
  }

  private static String nameOf(Bottleneck limit) {
    return limit.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
