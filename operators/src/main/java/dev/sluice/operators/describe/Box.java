package dev.sluice.operators.describe;

import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.SlicePlan;
import java.util.ArrayList;
import java.util.List;

/** A rectangle of a picture, in its pixels from the upper left corner. Immutable. */
record Box(int x, int y, int width, int height) {

  /**
   * Where a plan's slices lie in the decoded picture, row by row. Edges that fall within a pixel
   * take it whole, so neighbours may share one row or column and no region is empty.
   *
   * @param most regions at the most
   */
  static List<Box> of(SlicePlan plan, int most) {
    List<Box> boxes = new ArrayList<>();
    for (int cell = 0; cell < Math.min(most, plan.sliceCount()); cell++) {
      Span across = Span.of(plan.source().width(), plan.columns(), cell % plan.columns());
      Span down = Span.of(plan.source().height(), plan.rows(), cell / plan.columns());
      boxes.add(new Box(across.start(), down.start(), across.length(), down.length()));
    }
    return boxes;
  }

  /** The pixels within. */
  RgbImage crop(RgbImage picture) {
    byte[] rgb = new byte[width * height * 3];
    for (int row = 0; row < height; row++) {
      int from = ((y + row) * picture.width() + x) * 3;
      System.arraycopy(picture.rgb(), from, rgb, row * width * 3, width * 3);
    }
    return new RgbImage(width, height, rgb);
  }

  /** One of the equal parts of a side, widened to whole pixels. */
  private record Span(int start, int length) {
    static Span of(int side, int parts, int index) {
      int start = (int) ((long) side * index / parts);
      int end = (int) (((long) side * (index + 1) + parts - 1) / parts);
      return new Span(start, end - start);
    }
  }
}
