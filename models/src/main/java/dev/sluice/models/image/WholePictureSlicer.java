package dev.sluice.models.image;

import dev.sluice.models.image.PictureRejectedException.Reason;
import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.Size;
import dev.sluice.models.value.SlicePlan;
import dev.sluice.models.value.SlicedPicture;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
  public ReadPicture readToSlice(byte[] encoded, @Nullable String declaredMediaType)
      throws PictureRejectedException {
    return reader.read(encoded, declaredMediaType, this::resized);
  }

  @Override
  public SlicedPicture slice(ReadPicture picture) throws PictureRejectedException {
    RgbImage tile = fitting.fit(picture.pixels(), resized(picture.source()));
    SlicePlan plan = SlicePlan.overviewOnly(picture.source(), tile.size());
    return new SlicedPicture(plan, List.of(), tile);
  }

  private Size resized(Size source) throws PictureRejectedException {
    try {
      return fitting.rule().target(source);
    } catch (IllegalArgumentException e) {
      throw new PictureRejectedException(Reason.UNSUPPORTED, String.valueOf(e.getMessage()));
    }
  }
}
