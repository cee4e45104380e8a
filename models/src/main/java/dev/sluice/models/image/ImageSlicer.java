package dev.sluice.models.image;

import dev.sluice.models.image.PictureRejectedException.Reason;
import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.Size;
import dev.sluice.models.value.SlicePlan;
import dev.sluice.models.value.SlicedPicture;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a picture, plans its slices and cuts them. Thread-safe.
 *
 * <p>Overview and slices are each resized from the picture itself, not one from the other. Monkey's
 * overview is a matter of its family: the reference makes it from the normalised slices; the one
 * here is resized from the picture like any other.
 */
public final class ImageSlicer implements PictureSlicer {
  private static final PictureResizer RESIZER = PictureResizer.PILLOW_BICUBIC;

  private final ImageReader reader;
  private final SlicePlanner planner;

  public ImageSlicer(ImageReader reader, SlicePlanner planner) {
    this.reader = reader;
    this.planner = planner;
  }

  @Override
  public RgbImage read(byte[] encoded) throws PictureRejectedException {
    return reader.read(encoded);
  }

  @Override
  public ReadPicture readToSlice(byte[] encoded, @Nullable String declaredMediaType)
      throws PictureRejectedException {
    return reader.read(encoded, declaredMediaType, source -> plan(planner, source).largest());
  }

  @Override
  public SlicedPicture slice(ReadPicture picture) throws PictureRejectedException {
    return cut(picture, plan(planner, picture.source()));
  }

  @Override
  public int maxSlices() {
    return planner.maxSlices();
  }

  @Override
  public SlicedPicture slice(ReadPicture picture, int slices) throws PictureRejectedException {
    SlicePlan full = plan(planner, picture.source());
    return cut(picture, plan(planner.atMost(slices), picture.source()).insteadOf(full));
  }

  private static SlicedPicture cut(ReadPicture picture, SlicePlan plan) {
    RgbImage whole = preResized(picture, plan);
    Size refined = plan.refined();
    if (refined == null) {
      return new SlicedPicture(plan, List.of(), RESIZER.resize(whole, plan.overview()));
    }
    List<RgbImage> both = RESIZER.resize(whole, List.of(plan.overview(), refined));
    return new SlicedPicture(plan, tiles(both.get(1), plan), both.get(0));
  }

  /** What was read in less detail is not brought to a size between, which would blur it twice. */
  private static RgbImage preResized(ReadPicture picture, SlicePlan plan) {
    Size size = plan.preResized();
    return size == null || picture.isReduced()
        ? picture.pixels()
        : RESIZER.resize(picture.pixels(), size);
  }

  private static SlicePlan plan(SlicePlanner planner, Size size) throws PictureRejectedException {
    try {
      return planner.plan(size.width(), size.height());
    } catch (IllegalArgumentException e) {
      throw new PictureRejectedException(Reason.UNSUPPORTED, String.valueOf(e.getMessage()));
    }
  }

  /** The tiles of the refined picture, row by row, left to right. */
  private static List<RgbImage> tiles(RgbImage refined, SlicePlan plan) {
    List<RgbImage> slices = new ArrayList<>(plan.sliceCount());
    int width = refined.width() / plan.columns();
    int height = refined.height() / plan.rows();
    for (int row = 0; row < plan.rows(); row++) {
      for (int column = 0; column < plan.columns(); column++) {
        slices.add(tile(refined, column * width, row * height, width, height));
      }
    }
    return slices;
  }

  private static RgbImage tile(RgbImage picture, int left, int top, int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    for (int y = 0; y < height; y++) {
      int from = 3 * ((top + y) * picture.width() + left);
      System.arraycopy(picture.rgb(), from, rgb, 3 * width * y, 3 * width);
    }
    return new RgbImage(width, height, rgb);
  }
}
