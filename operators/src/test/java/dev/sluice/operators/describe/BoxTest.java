package dev.sluice.operators.describe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.Size;
import dev.sluice.models.value.SlicePlan;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BoxTest {

  @Test
  void gridOfThreeByTwo_isRowByRow() {
    assertThat(Box.of(plan(300, 100, 3, 2), 9))
        .containsExactly(
            new Box(0, 0, 100, 50),
            new Box(100, 0, 100, 50),
            new Box(200, 0, 100, 50),
            new Box(0, 50, 100, 50),
            new Box(100, 50, 100, 50),
            new Box(200, 50, 100, 50));
  }

  @Test
  void edgeWithinAPixel_belongsToBothNeighbours() {
    assertThat(Box.of(plan(5, 4, 2, 1), 9))
        .containsExactly(new Box(0, 0, 3, 4), new Box(2, 0, 3, 4));
  }

  @Test
  void pictureBroughtToAnotherSize_hasRegionsInItsOwnPixels() {
    SlicePlan resized = plan(100, 100, 2, 1).afterResize(new Size(1000, 500), new Size(100, 50));

    assertThat(Box.of(resized, 9))
        .containsExactly(new Box(0, 0, 500, 500), new Box(500, 0, 500, 500));
  }

  @Test
  void pictureThatIsNotSliced_hasNoRegions() {
    assertThat(Box.of(SlicePlan.overviewOnly(new Size(9, 9), new Size(3, 3)), 9)).isEmpty();
  }

  @Test
  void moreSlicesThanRegions_leavesTheLastOut() {
    assertThat(Box.of(plan(30, 10, 3, 1), 2))
        .containsExactly(new Box(0, 0, 10, 10), new Box(10, 0, 10, 10));
  }

  @Property(tries = 300)
  void regions_coverThePictureAndNothingElse(
      @ForAll @IntRange(min = 1, max = 40) int width,
      @ForAll @IntRange(min = 1, max = 40) int height,
      @ForAll @IntRange(min = 1, max = 6) int columns,
      @ForAll @IntRange(min = 1, max = 6) int rows) {
    boolean[] covered = new boolean[width * height];
    for (Box box : Box.of(plan(width, height, columns, rows), 36)) {
      assertThat(box.width()).isPositive();
      assertThat(box.height()).isPositive();
      for (int y = box.y(); y < box.y() + box.height(); y++) {
        for (int x = box.x(); x < box.x() + box.width(); x++) {
          covered[y * width + x] = true;
        }
      }
    }
    assertThat(covered).doesNotContain(false);
  }

  @Test
  void crop_takesThePixelsWithin() {
    byte[] rgb = new byte[4 * 3 * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) i;
    }

    RgbImage cropped = new Box(1, 1, 2, 2).crop(new RgbImage(4, 3, rgb));

    assertThat(cropped.size()).isEqualTo(new Size(2, 2));
    assertThat(cropped.rgb()).containsExactly(15, 16, 17, 18, 19, 20, 27, 28, 29, 30, 31, 32);
  }

  private static SlicePlan plan(int width, int height, int columns, int rows) {
    return new SlicePlan(new Size(width, height), new Size(3, 3), new Size(3, 3), columns, rows);
  }
}
