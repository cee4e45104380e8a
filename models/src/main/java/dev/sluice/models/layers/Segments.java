package dev.sluice.models.layers;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

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

    /** The group's rows of a packed matrix [N, E], a view [count, length, E]. */
    public Tensor of(Tensor packed) {
      return packed.narrow(0, firstRow, rows()).view(count, length, packed.size(1));
    }
  }

  /** N, the rows of all segments. */
  public int rows() {
    return groups.stream().mapToInt(Group::rows).sum();
  }
}
