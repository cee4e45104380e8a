package dev.sluice.models.image;

import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.Size;

/**
 * A picture as it was read for slicing. Immutable.
 *
 * @param source the picture's own size, which its plan is made for
 * @param pixels of that size, or of a half, a quarter or an eighth of it
 */
public record ReadPicture(Size source, RgbImage pixels) {

  /** All of a picture's pixels. */
  public static ReadPicture whole(RgbImage picture) {
    return new ReadPicture(picture.size(), picture);
  }

  boolean isReduced() {
    return !pixels.size().equals(source);
  }
}
