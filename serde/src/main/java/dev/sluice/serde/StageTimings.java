package dev.sluice.serde;

/**
 * How long a picture's own work took, without waiting, in microseconds. Work in a batch counts with
 * the picture's share. Immutable.
 *
 * @param readMicros decoding of the file
 * @param sliceMicros resizing and cutting
 * @param encodeMicros vision tower and resampler
 * @param decodeMicros language model or scorer
 */
public record StageTimings(
    long readMicros, long sliceMicros, long encodeMicros, long decodeMicros) {
  /** Nothing done yet. */
  public static final StageTimings NONE = new StageTimings(0, 0, 0, 0);
}
