package dev.sluice.operators.metrics;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.View;

/**
 * How much one growing sum grew for each unit of another, lately: nanoseconds of work per
 * nanosecond are a load, tokens per second a rate, tiles per place a fill. Updated by Flink's one
 * updating thread every five seconds, read by any.
 */
public final class RecentRatio implements Gauge<Double>, View {
  /** Flink updates every five seconds: the last quarter of a minute. */
  private static final int UPDATES = 3;

  private final LongSupplier part;
  private final LongSupplier whole;
  private final double units;
  private final Deque<Sums> samples = new ArrayDeque<>();
  private volatile double ratio;

  /**
   * @param units how many of the whole the value is for
   */
  public RecentRatio(LongSupplier part, LongSupplier whole, double units) {
    this.part = part;
    this.whole = whole;
    this.units = units;
    samples.add(sums());
  }

  /** The share of the time that the clock was busy; more than 1 where several are at work. */
  public static RecentRatio loadOf(BusyClock clock, LongSupplier nanoTime) {
    return new RecentRatio(clock::nanos, nanoTime, 1);
  }

  /** How much the sum grows in a second. */
  public static RecentRatio perSecond(LongSupplier sum, LongSupplier nanoTime) {
    return new RecentRatio(sum, nanoTime, TimeUnit.SECONDS.toNanos(1));
  }

  /** 0 before the first update, and while the whole stands still. */
  @Override
  public Double getValue() {
    return ratio;
  }

  @Override
  public void update() {
    Sums oldest = samples.getFirst();
    Sums now = sums();
    long grown = now.whole - oldest.whole;
    ratio = grown == 0 ? 0 : units * (now.part - oldest.part) / grown;
    samples.addLast(now);
    if (samples.size() > UPDATES) {
      samples.removeFirst();
    }
  }

  private Sums sums() {
    return new Sums(part.getAsLong(), whole.getAsLong());
  }

  private record Sums(long part, long whole) {}
}
