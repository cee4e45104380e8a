package dev.sluice.models.layers;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Resizes a learned table of positions to another grid, as torch's bicubic does: a = -0.75, no
 * antialias, corners not aligned; in float32. Stateless.
 */
public final class Bicubic {
  private Bicubic() {}

  /**
   * @param table [from.patches, E]
   * @return [to.patches, E], in the table's type
   */
  public static Tensor resize(Tensor table, PatchGrid from, PatchGrid to) {
    try (DoubleOptional none = new DoubleOptional()) {
      long[] size = {to.rows(), to.columns()};
      Tensor resized = torch.upsample_bicubic2d(from.planes(table), size, false, none, none);
      return to.table(resized, table);
    }
  }
}
