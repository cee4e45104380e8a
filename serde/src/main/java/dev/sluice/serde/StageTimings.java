package dev.sluice.serde;

import org.apache.flink.annotation.PublicEvolving;

/**
 * How long a picture's own work took, without waiting, in microseconds. Work in a batch counts with
 * the picture's share. Immutable.
 *
 * @param readMicros decoding of the file
 * @param sliceMicros resizing and cutting
 * @param encodeMicros vision tower and resampler
 * @param decodeMicros language model or scorer
 */
@PublicEvolving
public record StageTimings(
    long readMicros, long sliceMicros, long encodeMicros, long decodeMicros) {
  /** Nothing done yet. */
  public static final StageTimings NONE = new StageTimings(0, 0, 0, 0);
}
