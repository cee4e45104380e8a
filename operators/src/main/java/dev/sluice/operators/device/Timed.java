package dev.sluice.operators.device;

import java.util.concurrent.TimeUnit;

/** A result and how long its own share of the work took. Immutable. */
public record Timed<T>(T value, long nanos) {
  public long micros() {
    return TimeUnit.NANOSECONDS.toMicros(nanos);
  }
}
