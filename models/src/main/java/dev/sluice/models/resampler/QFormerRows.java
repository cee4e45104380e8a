package dev.sluice.models.resampler;

import dev.sluice.models.layers.Segments;
import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Where queries and instructions lie in the packed rows [N, E] of a Q-Former: for each picture its
 * queries, then its instruction. Lives in the scope that it was made in.
 *
 * @param segments one for each picture
 * @param queries int64 [B Q], the queries' rows
 * @param words int64 [W], the instructions' rows; null where there are none
 */
record QFormerRows(Segments segments, Tensor queries, @Nullable Tensor words) {

  /**
   * @param lengths of each picture's instruction, 0 for none
   */
  static QFormerRows of(int queries, int[] lengths, Device device) {
    List<Segments.Group> groups = new ArrayList<>();
    List<Integer> queryRows = new ArrayList<>();
    List<Integer> wordRows = new ArrayList<>();
    int row = 0;
    for (int length : lengths) {
      groups.add(new Segments.Group(row, 1, queries + length));
      for (int i = 0; i < queries + length; i++) {
        (i < queries ? queryRows : wordRows).add(row + i);
      }
      row += queries + length;
    }
    Segments segments =
        wordRows.isEmpty()
            ? new Segments(List.of(new Segments.Group(0, lengths.length, queries)))
            : new Segments(groups);
    return new QFormerRows(
        segments,
        indices(queryRows, device),
        wordRows.isEmpty() ? null : indices(wordRows, device));
  }

  private static Tensor indices(List<Integer> rows, Device device) {
    int[] values = rows.stream().mapToInt(Integer::intValue).toArray();
    return Tensors.to(Tensors.ofInts(values, values.length), device, ScalarType.Long);
  }
}
