package dev.sluice.models.image;

import dev.sluice.models.image.PictureRejectedException.Reason;
import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.SlicePlan;
import dev.sluice.models.value.SlicedPicture;
import java.util.List;

/** Makes one tile of every picture, without slices. Thread-safe. */
public final class WholePictureSlicer implements PictureSlicer {
  private final ImageReader reader;
  private final PictureFitting fitting;

  public WholePictureSlicer(ImageReader reader, PictureFitting fitting) {
    this.reader = reader;
    this.fitting = fitting;
  }

  @Override
  public RgbImage read(byte[] encoded) throws PictureRejectedException {
    return reader.read(encoded);
  }

  @Override
  public SlicedPicture slice(RgbImage picture) throws PictureRejectedException {
    try {
      RgbImage tile = fitting.fit(picture);
      SlicePlan plan = SlicePlan.overviewOnly(picture.size(), tile.size());
      return new SlicedPicture(plan, List.of(), tile);
    } catch (IllegalArgumentException e) {
      throw new PictureRejectedException(Reason.UNSUPPORTED, String.valueOf(e.getMessage()));
    }
  }
}
