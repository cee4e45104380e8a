package dev.sluice.models.vision;

import dev.sluice.models.value.RgbImage;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** Makes a tower's input from 8-bit tiles. Owned by the device thread. */
@FunctionalInterface
public interface TilePixels {

  /**
   * @param tiles of one size; those of one picture stand together, its slices row by row, then its
   *     overview
   * @return [B, 3, height, width] in the tower's type
   */
  Tensor apply(List<RgbImage> tiles);
}
