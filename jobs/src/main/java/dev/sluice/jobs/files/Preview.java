package dev.sluice.jobs.files;

import dev.sluice.models.image.ImageReader;
import dev.sluice.models.image.PictureEncoder;
import dev.sluice.models.image.PictureRejectedException;
import dev.sluice.models.image.PictureResizer;
import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.Size;

/** Small copies of pictures for pages. Immutable, thread-safe. */
public final class Preview {
  private static final int QUALITY = 82;

  private final ImageReader reader = new ImageReader();
  private final int longestSide;

  /**
   * @param longestSide of a copy, in pixels; smaller pictures keep their size
   */
  public Preview(int longestSide) {
    this.longestSide = longestSide;
  }

  /**
   * A JPEG.
   *
   * @throws PictureRejectedException if the picture cannot be read
   */
  public byte[] jpegOf(byte[] encoded) throws PictureRejectedException {
    RgbImage picture = reader.read(encoded);
    double scale = Math.min(1, (double) longestSide / Math.max(picture.width(), picture.height()));
    Size size =
        new Size(
            (int) Math.max(1, Math.round(picture.width() * scale)),
            (int) Math.max(1, Math.round(picture.height() * scale)));
    return PictureEncoder.jpeg(
        size.equals(picture.size()) ? picture : PictureResizer.PILLOW_BICUBIC.resize(picture, size),
        QUALITY);
  }
}
