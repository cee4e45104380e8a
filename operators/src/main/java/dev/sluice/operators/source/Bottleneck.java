package dev.sluice.operators.source;

import java.util.Comparator;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** What a source waits for most: the one thing to give more of. Immutable. */
enum Bottleneck {
  /** Nothing holds the source up but what comes in. */
  SOURCE,
  /** The decoding threads are busy. */
  SLICE,
  /** The device is busy, most of the time with encoding. */
  ENCODE,
  /** The device is busy, most of the time with scoring labels. */
  SCORE,
  /** The device is busy, most of the time with generating text. */
  GENERATE,
  /** The ledger has no room, though nothing above is busy. */
  MEMORY,
  /** Too many pictures are in flight, though nothing above is busy: something later is slow. */
  IN_FLIGHT;

  /** Work that goes on this much of the time is what limits. */
  private static final double BUSY = 0.8;

  /** A gate that is closed this much of the time holds the source up. */
  private static final double CLOSED = 0.2;

  /**
   * @param shares of the time that each kind of work goes on, and that the gate is closed for want
   *     of {@link #MEMORY} or because too many are {@link #IN_FLIGHT}; none for {@link #SOURCE}
   */
  static Bottleneck of(ToDoubleFunction<Bottleneck> shares) {
    Comparator<Bottleneck> byShare = Comparator.comparingDouble(shares);
    if (sum(shares, ENCODE, SCORE, GENERATE) >= BUSY) {
      return Stream.of(ENCODE, SCORE, GENERATE).max(byShare).orElseThrow();
    }
    if (sum(shares, SLICE) >= BUSY) {
      return SLICE;
    }
    if (sum(shares, MEMORY, IN_FLIGHT) >= CLOSED) {
      return Stream.of(MEMORY, IN_FLIGHT).max(byShare).orElseThrow();
    }
    return SOURCE;
  }

  private static double sum(ToDoubleFunction<Bottleneck> shares, Bottleneck... limits) {
    return Stream.of(limits).mapToDouble(shares).sum();
  }
}
