package dev.sluice.models.layers;

import java.util.ArrayList;
import java.util.List;

/**
 * Which adapter the rows of a packed matrix go through; rows in no run go through none. Made once
 * for a batch and used by every layer. Immutable.
 *
 * @param runs in the order of their rows
 */
public record AdapterRows(List<Run> runs) {
  /** Stands for the base model alone. */
  public static final int NONE = -1;

  public AdapterRows {
    runs = List.copyOf(runs);
  }

  /**
   * Consecutive rows of one adapter.
   *
   * @param adapter number of the adapter, from 0
   */
  public record Run(int adapter, long firstRow, long rows) {}

  /** Every row goes through the base model alone. */
  public static AdapterRows none() {
    return new AdapterRows(List.of());
  }

  /**
   * Rows of segments that stand one behind the other; neighbours with the same adapter become one
   * run, so segments sorted by adapter cost the least.
   *
   * @param adapters one for each segment, {@link #NONE} for the base model alone
   * @param length rows of each segment
   */
  public static AdapterRows ofSegments(int[] adapters, long length) {
    List<Run> runs = new ArrayList<>();
    int start = 0;
    for (int end = 1; end <= adapters.length; end++) {
      if (end == adapters.length || adapters[end] != adapters[start]) {
        if (adapters[start] != NONE) {
          runs.add(new Run(adapters[start], start * length, (end - start) * length));
        }
        start = end;
      }
    }
    return new AdapterRows(runs);
  }
}
