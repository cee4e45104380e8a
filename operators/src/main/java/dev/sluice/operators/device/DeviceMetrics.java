package dev.sluice.operators.device;

import dev.sluice.models.memory.MemoryLedger;
import dev.sluice.operators.ModelOptions.Peak;
import dev.sluice.operators.device.DeviceMeters.Work;
import dev.sluice.operators.metrics.RecentRatio;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/**
 * Shows Flink's reporters what a device does; docs/metrics.md says what each name means. Stateless.
 *
 * <p>Every operator of a process that uses the device shows the same values.
 */
public final class DeviceMetrics {
  /** Who leases memory; all others together are shown as {@link #OTHERS}. */
  private static final List<String> LABELS = List.of("weights", "kv-cache", "admitted");

  private static final String OTHERS = "others";
  private static final double THOUSAND_IMAGES = 1000;
  private static final double SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

  private DeviceMetrics() {}

  public static void register(MetricGroup sluice, DeviceRuntime runtime) {
    MetricGroup group = sluice.addGroup("device", runtime.device());
    registerLedger(group, runtime.ledger());
    registerWork(group, runtime.meters());
    registerRates(group, runtime.meters(), runtime.peak());
    group.gauge("costCorrection", (Gauge<Double>) runtime.correction()::factor);
  }

  private static void registerLedger(MetricGroup group, MemoryLedger ledger) {
    group.gauge("ledgerUsedBytes", (Gauge<Long>) ledger::usedBytes);
    group.gauge("ledgerBudgetBytes", (Gauge<Long>) ledger::budgetBytes);
    group.gauge("ledgerPeakBytes", (Gauge<Long>) ledger::peakBytes);
    for (String label : LABELS) {
      group
          .addGroup("label", label)
          .gauge("ledgerBytes", (Gauge<Long>) () -> ledger.bytesByLabel().getOrDefault(label, 0L));
    }
    group.addGroup("label", OTHERS).gauge("ledgerBytes", (Gauge<Long>) () -> others(ledger));
  }

  private static void registerWork(MetricGroup group, DeviceMeters meters) {
    for (Work work : Work.values()) {
      MetricGroup of = group.addGroup("work", work.name().toLowerCase(Locale.ROOT));
      of.gauge("busySeconds", (Gauge<Double>) () -> meters.clock(work).nanos() / SECOND_NANOS);
      of.gauge("load", RecentRatio.loadOf(meters.clock(work), meters.nanoTime()));
    }
    group.gauge("load", new RecentRatio(meters::deviceNanos, meters.nanoTime(), 1));
    group.gauge("encodedPictures", (Gauge<Long>) meters::pictures);
    group.gauge("encodedTiles", (Gauge<Long>) meters::tiles);
    group.gauge("encodeBatchFill", new RecentRatio(meters::tiles, meters::places, 1));
    group.gauge("generatedTokens", (Gauge<Long>) meters::tokens);
    group.gauge(
        "generatedTokensPerSecond", RecentRatio.perSecond(meters::tokens, meters.nanoTime()));
    group.gauge(
        "deviceSecondsPerThousandImages",
        new RecentRatio(meters::deviceNanos, meters::pictures, THOUSAND_IMAGES / SECOND_NANOS));
  }

  /** Operations and bytes for each nanosecond of work are billions for each second. */
  private static void registerRates(MetricGroup group, DeviceMeters meters, Peak peak) {
    LongSupplier encoding = meters.clock(Work.ENCODE)::nanos;
    LongSupplier generating = meters.clock(Work.GENERATE)::nanos;
    group.gauge("encodeGigaflopsPerSecond", new RecentRatio(meters::encodeOperations, encoding, 1));
    group.gauge(
        "generateGigabytesPerSecond", new RecentRatio(meters::generateBytes, generating, 1));
    if (peak.gigaflops() > 0) {
      group.gauge(
          "encodeShareOfPeak",
          new RecentRatio(meters::encodeOperations, encoding, 1 / peak.gigaflops()));
    }
    if (peak.gigabytes() > 0) {
      group.gauge(
          "generateShareOfBandwidth",
          new RecentRatio(meters::generateBytes, generating, 1 / peak.gigabytes()));
    }
  }

  private static long others(MemoryLedger ledger) {
    return ledger.bytesByLabel().entrySet().stream()
        .filter(entry -> !LABELS.contains(entry.getKey()))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }
}
