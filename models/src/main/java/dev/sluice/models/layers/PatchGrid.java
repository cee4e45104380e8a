package dev.sluice.models.layers;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Rows and columns of a tile's patches. Immutable. */
public record PatchGrid(int rows, int columns) {

  /** P, the patches of the tile. */
  public int patches() {
    return rows * columns;
  }

  /** A table of patches [P, E] as float32 planes [1, E, rows, columns]. */
  Tensor planes(Tensor table) {
    return table.t().to(ScalarType.Float).contiguous().view(1, table.size(1), rows, columns);
  }

  /** Planes [1, E, rows, columns] as a table of patches [P, E], in the type of another. */
  Tensor table(Tensor planes, Tensor typed) {
    Tensor patches = planes.view(planes.size(1), patches()).t();
    return patches.to(typed.scalar_type()).contiguous();
  }
}
