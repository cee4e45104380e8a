package dev.sluice.models.layers;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Resizes a learned table of positions to another grid between whose corners it is stretched, in
 * float32. Stateless.
 */
public final class AlignedBilinear {
  private AlignedBilinear() {}

  /**
   * @param table [from.patches, E]
   * @return [to.patches, E], in the table's type
   */
  public static Tensor resize(Tensor table, PatchGrid from, PatchGrid to) {
    try (DoubleOptional none = new DoubleOptional()) {
      long[] size = {to.rows(), to.columns()};
      Tensor resized = torch.upsample_bilinear2d(from.planes(table), size, true, none, none);
      return to.table(resized, table);
    }
  }
}
