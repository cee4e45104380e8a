package dev.sluice.models.layers;

import java.util.List;

/**
 * Where the sequences of a packed matrix [N, E] begin and end: groups of equally long ones, one
 * behind the other. Immutable.
 */
public record Segments(List<Group> groups) {
  public Segments {
    groups = List.copyOf(groups);
  }

  /**
   * Segments of equal length that stand together.
   *
   * @param firstRow first row of the first segment
   * @param count how many segments
   * @param length rows of one segment
   */
  public record Group(int firstRow, int count, int length) {
    public int rows() {
      return count * length;
    }
  }

  /** N, the rows of all segments. */
  public int rows() {
    return groups.stream().mapToInt(Group::rows).sum();
  }
}
