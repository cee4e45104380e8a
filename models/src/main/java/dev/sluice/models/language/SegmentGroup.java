package dev.sluice.models.language;

import java.util.List;

/**
 * Segments of a pass that attend alike: equally many new rows each, standing together. Immutable.
 *
 * @param firstRow first packed row of the first segment
 * @param length new rows of one segment
 * @param memoryRows rows of the memory of one segment, 0 where there is none
 * @param segments one behind the other
 */
public record SegmentGroup(int firstRow, int length, int memoryRows, List<Segment> segments) {
  public SegmentGroup {
    segments = List.copyOf(segments);
  }

  /**
   * New rows of one sequence.
   *
   * @param past positions before them, all cached
   * @param blocks the cache's blocks of the sequence, in order; read only where {@code past > 0}
   * @param memoryBlocks the cache's blocks of the sequence's memory, in order
   * @param promptLength positions of the prompt that the sequence began with
   */
  public record Segment(
      int past, List<Integer> blocks, List<Integer> memoryBlocks, int promptLength) {
    public Segment {
      blocks = List.copyOf(blocks);
      memoryBlocks = List.copyOf(memoryBlocks);
    }
  }

  public int rows() {
    return segments.size() * length;
  }

  /** Nothing before these rows: they attend among themselves, without the cache. */
  boolean isFresh() {
    return segments.stream().allMatch(segment -> segment.past() == 0);
  }

  /** Positions that the longest segment sees. */
  int longest() {
    return length + segments.stream().mapToInt(Segment::past).max().orElse(0);
  }
}
