package dev.sluice.models.image;

import dev.sluice.models.value.Size;
import dev.sluice.models.value.SlicePlan;
import java.util.stream.IntStream;

/**
 * The grid whose shape is nearest to the picture's, for about one slice per {@code scale * scale}
 * pixels: LLaVA-UHD and MiniCPM-V. Immutable.
 *
 * <p>After {@code slice_image_minicpm} of thunlp/LLaVA-UHD (branch LLaVA-UHD-v1) and {@code
 * slice_image} of OpenBMB/MiniCPM-V 2.x; the two differ in their constants and in {@link Rounding}.
 * Every operation stands in the order of the reference: sides come out of truncated doubles, and
 * grids that fit equally well are told apart by the last bit of a logarithm.
 *
 * @param scale side of the square that one slice's area is measured by, pixels
 * @param patch sides of slices and overview are multiples of this, pixels
 * @param maxSlices most slices that a picture is cut into, the overview not counted
 * @param rounding how sides become multiples of {@code patch}
 * @param longerSide what the picture's longer side is brought to first, pixels; 0 takes the picture
 *     as it is
 */
public record AdaptiveGridPlanner(
    int scale, int patch, int maxSlices, Rounding rounding, int longerSide)
    implements SlicePlanner {

  public AdaptiveGridPlanner {
    if (scale < 1 || patch < 1 || maxSlices < 1 || longerSide < 0) {
      throw new IllegalArgumentException(
          "slicing: expected a positive scale, patch and number of slices, found scale %d, patch %d, max slices %d, longer side %d"
              .formatted(scale, patch, maxSlices, longerSide));
    }
  }

  @Override
  public SlicePlan plan(int width, int height) {
    Size source = new Size(width, height);
    if (longerSide == 0) {
      return planAsIs(source);
    }
    Size resized = longerSideResized(source);
    return planAsIs(resized).afterResize(source, resized);
  }

  @Override
  public SlicePlanner atMost(int slices) {
    return slices >= maxSlices
        ? this
        : new AdaptiveGridPlanner(scale, patch, slices, rounding, longerSide);
  }

  /** Small pictures are enlarged too, as the reference's evaluation does it. */
  private Size longerSideResized(Size source) {
    double side = longerSide;
    int width = longerSide;
    int height = longerSide;
    if (source.width() > source.height()) {
      height = (int) (side / source.width() * source.height());
    } else {
      width = (int) (side / source.height() * source.width());
    }
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "picture %s: too thin to be brought to a longer side of %d, a side would vanish"
              .formatted(source, longerSide));
    }
    return new Size(width, height);
  }

  private SlicePlan planAsIs(Size picture) {
    double area = (double) scale * scale;
    int wanted = (int) Math.min(Math.ceil(picture.pixels() / area), maxSlices);
    if (wanted <= 1) {
      return SlicePlan.overviewOnly(
          picture, bestResize(picture.width(), picture.height(), /* upscale= */ true));
    }
    Size overview = bestResize(picture.width(), picture.height(), /* upscale= */ false);
    Size grid = nearestGrid(picture, wanted);
    int columns = grid.width();
    int rows = grid.height();
    double sliceWidth = multiple(picture.width(), columns) / columns;
    double sliceHeight = multiple(picture.height(), rows) / rows;
    Size slice = bestResize(sliceWidth, sliceHeight, /* upscale= */ true);
    return new SlicePlan(picture, overview, slice, columns, rows);
  }

  /**
   * Columns as width, rows as height; the first listed of equals, counts ascending, then columns.
   */
  private Size nearestGrid(Size picture, int wanted) {
    double shape = CorrectlyRoundedLog.of((double) picture.width() / picture.height());
    int[] counts =
        IntStream.of(wanted - 1, wanted, wanted + 1).filter(n -> n > 1 && n <= maxSlices).toArray();
    Size best = new Size(1, 1);
    double smallest = Double.POSITIVE_INFINITY;
    for (int count : counts) {
      for (int columns = 1; columns <= count; columns++) {
        if (count % columns != 0) {
          continue;
        }
        int rows = count / columns;
        double error = Math.abs(shape - CorrectlyRoundedLog.of((double) columns / rows));
        if (error < smallest) {
          smallest = error;
          best = new Size(columns, rows);
        }
      }
    }
    return best;
  }

  /**
   * The size of this shape with about scale * scale pixels, or of the picture itself if smaller.
   */
  private Size bestResize(double width, double height, boolean upscale) {
    double w = width;
    double h = height;
    if (upscale || w * h > (double) scale * scale) {
      double ratio = w / h;
      h = (int) (scale / Math.sqrt(ratio));
      w = (int) (h * ratio); // with the height that was already truncated, as in the reference
    }
    return new Size((int) multiple(w, patch), (int) multiple(h, patch));
  }

  private double multiple(double side, int divisor) {
    return Math.max(rounding.apply(side / divisor) * divisor, divisor);
  }

  /** How a side becomes a whole number of patches. */
  public enum Rounding {
    /** LLaVA-UHD. */
    FLOOR,
    /** MiniCPM-V: Python's rounding, halves to the even neighbour. */
    HALF_EVEN;

    double apply(double value) {
      return this == FLOOR ? Math.floor(value) : Math.rint(value);
    }
  }
}
