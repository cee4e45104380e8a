package dev.sluice.models.vision;

import dev.sluice.models.layers.PatchGrid;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.value.RgbImage;
import dev.sluice.models.weights.Weights;
import java.util.List;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The pixels of windows and of the view that the windows together give. Owned by the device thread.
 *
 * <p>Monkey ({@code visual.py}, {@code encode}) makes its global view from the normalised picture
 * that the windows are cut from, by torch's bicubic without antialias. No 8-bit overview can carry
 * those numbers, so the windows are joined again here, and the overview's own pixels are not looked
 * at.
 */
public final class WindowedPixels implements TilePixels {
  private final Weights owner;
  private final PixelNormalizer normalizer;
  private final PatchGrid windows;

  /**
   * @param owner says what type the tower computes in, and where
   * @param windows rows and columns of the windows; all are as large as the view
   */
  public WindowedPixels(Weights owner, PixelNormalizer normalizer, PatchGrid windows) {
    this.owner = owner;
    this.normalizer = normalizer;
    this.windows = windows;
  }

  @Override
  public Tensor apply(List<RgbImage> tiles) {
    Tensor exact = normalizer.exact(tiles).contiguous(); // [B, 3, height, width]
    Tensor pictures =
        exact.view(-1, windows.patches() + 1L, exact.size(1), exact.size(2), exact.size(3));
    pictures.select(1, windows.patches()).copy_(overviews(pictures));
    return Tensors.to(exact, owner.device(), owner.dtype());
  }

  /** [pictures, windows + 1, 3, height, width] to [pictures, 3, height, width]. */
  private Tensor overviews(Tensor pictures) {
    long channels = pictures.size(2);
    long height = pictures.size(3);
    long width = pictures.size(4);
    Tensor joined =
        pictures
            .narrow(1, 0, windows.patches())
            .reshape(-1, windows.rows(), windows.columns(), channels, height, width)
            .permute(0, 3, 1, 4, 2, 5)
            .reshape(-1, channels, windows.rows() * height, windows.columns() * width);
    try (DoubleOptional none = new DoubleOptional()) {
      return torch.upsample_bicubic2d(joined, new long[] {height, width}, false, none, none);
    }
  }
}
