package dev.sluice.models.image;

import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.SlicedPicture;

/** From an encoded picture to its tiles, in two steps so that each can be timed. Thread-safe. */
public interface PictureSlicer {

  /**
   * @param encoded a JPEG, PNG or WebP file
   * @throws PictureRejectedException if it is not a readable picture within the limits
   */
  RgbImage read(byte[] encoded) throws PictureRejectedException;

  /**
   * @throws PictureRejectedException if the picture's shape cannot be cut
   */
  SlicedPicture slice(RgbImage picture) throws PictureRejectedException;

  /** Both steps. */
  default SlicedPicture slice(byte[] encoded) throws PictureRejectedException {
    return slice(read(encoded));
  }
}
