package dev.sluice.models.image;

import dev.sluice.models.image.PictureRejectedException.Reason;
import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.Size;
import dev.sluice.models.value.SlicePlan;
import dev.sluice.models.value.SlicedPicture;
import java.util.ArrayList;
import java.util.List;

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
  public SlicedPicture slice(RgbImage picture) throws PictureRejectedException {
    return cut(picture, plan(planner, picture.size()));
  }

  @Override
  public int maxSlices() {
    return planner.maxSlices();
  }

  @Override
  public SlicedPicture slice(RgbImage picture, int slices) throws PictureRejectedException {
    SlicePlan full = plan(planner, picture.size());
    return cut(picture, plan(planner.atMost(slices), picture.size()).insteadOf(full));
  }

  private static SlicedPicture cut(RgbImage picture, SlicePlan plan) {
    Size preResized = plan.preResized();
    RgbImage whole = preResized == null ? picture : RESIZER.resize(picture, preResized);
    Size refined = plan.refined();
    List<RgbImage> slices =
        refined == null ? List.of() : tiles(RESIZER.resize(whole, refined), plan);
    return new SlicedPicture(plan, slices, RESIZER.resize(whole, plan.overview()));
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
