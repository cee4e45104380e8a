package dev.sluice.models.image;

import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.SlicedPicture;
import org.jspecify.annotations.Nullable;

/** From an encoded picture to its tiles, in two steps so that each can be timed. Thread-safe. */
public interface PictureSlicer {

  /**
   * @param encoded a JPEG, PNG or WebP file
   * @throws PictureRejectedException if it is not a readable picture within the limits
   */
  RgbImage read(byte[] encoded) throws PictureRejectedException;

  /**
   * Reads a picture whose sender may say what it is.
   *
   * @param declaredMediaType such as {@code image/png}, null where nobody said
   * @throws PictureRejectedException also if the picture is of another type than declared
   */
  default RgbImage read(byte[] encoded, @Nullable String declaredMediaType)
      throws PictureRejectedException {
    ImageFormat.requireDeclared(encoded, declaredMediaType);
    return read(encoded);
  }

  /**
   * Reads a picture for slicing alone: in as much detail as its slices need, where the model was
   * loaded so.
   *
   * @param declaredMediaType such as {@code image/png}, null where nobody said
   * @throws PictureRejectedException as for {@link #read(byte[], String)}, or if the picture's
   *     shape cannot be cut
   */
  ReadPicture readToSlice(byte[] encoded, @Nullable String declaredMediaType)
      throws PictureRejectedException;

  /**
   * @throws PictureRejectedException if the picture's shape cannot be cut
   */
  SlicedPicture slice(ReadPicture picture) throws PictureRejectedException;

  /** Most slices of any picture; 0 where their number is the same for all. */
  default int maxSlices() {
    return 0;
  }

  /**
   * Cuts into at most so many slices, where the number of slices varies.
   *
   * @param slices 1 or more; 1 gives the overview alone
   * @throws PictureRejectedException if the picture's shape cannot be cut
   */
  default SlicedPicture slice(ReadPicture picture, int slices) throws PictureRejectedException {
    return slice(picture);
  }

  /** Cuts a picture that is there in full. */
  default SlicedPicture slice(RgbImage picture) throws PictureRejectedException {
    return slice(ReadPicture.whole(picture));
  }

  /** Reads and cuts. */
  default SlicedPicture slice(byte[] encoded) throws PictureRejectedException {
    return slice(readToSlice(encoded, null));
  }
}
