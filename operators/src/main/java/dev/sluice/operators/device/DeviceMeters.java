package dev.sluice.operators.device;

import dev.sluice.operators.metrics.BusyClock;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** What a device and its decoding threads have done so far: sums that only grow. Thread-safe. */
public final class DeviceMeters {
  private final LongSupplier nanoTime;
  private final int maxTiles;
  private final Map<Work, BusyClock> clocks = new EnumMap<>(Work.class);
  private final LongAdder pictures = new LongAdder();
  private final LongAdder tiles = new LongAdder();
  private final LongAdder places = new LongAdder();
  private final LongAdder operations = new LongAdder();
  private final LongAdder tokens = new LongAdder();
  private final LongAdder readBytes = new LongAdder();

  /**
   * @param maxTiles tiles that an encode batch has places for
   */
  DeviceMeters(LongSupplier nanoTime, int maxTiles) {
    this.nanoTime = nanoTime;
    this.maxTiles = maxTiles;
    for (Work work : Work.values()) {
      clocks.put(work, new BusyClock(nanoTime));
    }
  }

  /** Kinds of work. */
  public enum Work {
    /** Reading and cutting, on the decoding threads; the others are the device's. */
    SLICE,
    ENCODE,
    SCORE,
    GENERATE
  }

  /** The clock of everything here. */
  public LongSupplier nanoTime() {
    return nanoTime;
  }

  public BusyClock clock(Work work) {
    BusyClock clock = clocks.get(work);
    if (clock == null) {
      throw new IllegalArgumentException("work " + work + ": no clock");
    }
    return clock;
  }

  /** How long the device has worked. */
  public long deviceNanos() {
    return clock(Work.ENCODE).nanos() + clock(Work.SCORE).nanos() + clock(Work.GENERATE).nanos();
  }

  /** Pictures that were encoded. */
  public long pictures() {
    return pictures.sum();
  }

  /** Tiles that were encoded. */
  public long tiles() {
    return tiles.sum();
  }

  /** Tiles that the encode batches had places for. */
  public long places() {
    return places.sum();
  }

  /** Operations of the matrix products that encoding took. */
  public long encodeOperations() {
    return operations.sum();
  }

  /** Bytes of weights and of pictures' keys and values that generating had to read. */
  public long generateBytes() {
    return readBytes.sum();
  }

  /** Tokens that were generated. */
  public long tokens() {
    return tokens.sum();
  }

  void encoded(int pictureCount, int tileCount, long operationCount) {
    pictures.add(pictureCount);
    operations.add(operationCount);
    tiles.add(tileCount);
    // A picture with more tiles than a batch has places is run alone, and fills it.
    places.add(Math.max(maxTiles, tileCount));
  }

  /** One step for all running texts. */
  void stepped(long bytes) {
    readBytes.add(bytes);
  }

  void generated(int tokenCount) {
    tokens.add(tokenCount);
  }
}
