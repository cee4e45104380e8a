package dev.sluice.models.image;

import dev.sluice.models.value.SlicedPicture;

/** From an encoded picture to its tiles. Thread-safe. */
public interface PictureSlicer {

  /**
   * @param encoded a JPEG, PNG or WebP file
   * @throws PictureRejectedException if it is not a readable picture within the limits
   */
  SlicedPicture slice(byte[] encoded) throws PictureRejectedException;
}
