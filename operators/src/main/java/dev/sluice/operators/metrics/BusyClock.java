package dev.sluice.operators.metrics;

import java.util.function.LongSupplier;

/**
 * How long something has been at work in all, work under way included; what goes on at the same
 * time counts each for itself. Thread-safe.
 */
public final class BusyClock {
  private final LongSupplier nanoTime;
  private long nanos;
  private long countedUntil;
  private int atWork;

  public BusyClock(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.countedUntil = nanoTime.getAsLong();
  }

  /** One more is at work. */
  public synchronized void begin() {
    count();
    atWork++;
  }

  /** One less is at work. */
  public synchronized void end() {
    if (atWork == 0) {
      throw new IllegalStateException("work ended more often than it began");
    }
    count();
    atWork--;
  }

  /** Does the work and counts its time, however it ends. */
  public void during(Runnable work) {
    begin();
    try {
      work.run();
    } finally {
      end();
    }
  }

  public synchronized long nanos() {
    count();
    return nanos;
  }

  private void count() {
    long now = nanoTime.getAsLong();
    nanos += (now - countedUntil) * atWork;
    countedUntil = now;
  }
}
