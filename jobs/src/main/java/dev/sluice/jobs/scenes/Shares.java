package dev.sluice.jobs.scenes;

import java.util.Collection;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/** Shares of outcomes, 0..1; NaN where there is nothing to measure. Stateless. */
final class Shares {
  private Shares() {}

  static double of(long part, long whole) {
    return whole == 0 ? Double.NaN : (double) part / whole;
  }

  static <T> double where(Collection<T> all, Predicate<T> test) {
    return of(all.stream().filter(test).count(), all.size());
  }

  static <T> double ofSums(Collection<T> all, ToIntFunction<T> part, ToIntFunction<T> whole) {
    return of(all.stream().mapToInt(part).sum(), all.stream().mapToInt(whole).sum());
  }
}
