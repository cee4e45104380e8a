package dev.sluice.models.image;

import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.Size;

/**
 * Cuts the middle out of a picture; where the picture is smaller it stands in the middle of black.
 * Stateless.
 *
 * <p>transformers 5 {@code TorchvisionBackend.center_crop}: what cannot be halved is left over at
 * the right and at the bottom.
 */
final class CentreCrop {
  private CentreCrop() {}

  static RgbImage of(RgbImage picture, Size size) {
    if (picture.size().equals(size)) {
      return picture;
    }
    byte[] rgb = new byte[Math.toIntExact(3 * size.pixels())];
    int width = Math.min(picture.width(), size.width());
    int height = Math.min(picture.height(), size.height());
    int fromLeft = (picture.width() - width) / 2;
    int fromTop = (picture.height() - height) / 2;
    int toLeft = (size.width() - width) / 2;
    int toTop = (size.height() - height) / 2;
    for (int y = 0; y < height; y++) {
      int from = 3 * ((fromTop + y) * picture.width() + fromLeft);
      int to = 3 * ((toTop + y) * size.width() + toLeft);
      System.arraycopy(picture.rgb(), from, rgb, to, 3 * width);
    }
    return new RgbImage(size.width(), size.height(), rgb);
  }
}
