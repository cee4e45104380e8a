package dev.sluice.models.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.models.image.PictureRejectedException.Reason;
import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.Size;
import dev.sluice.models.value.SlicePlan;
import dev.sluice.models.value.SlicedPicture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ImageSlicerTest {
  @ParameterizedTest
  @EnumSource
  void slice_anyStrategy_isTheRefinedPictureCut(SliceStrategy strategy) throws Exception {
    RgbImage picture = Pictures.noise(800, 500, 3);
    SlicedPicture sliced = slicer(strategy).slice(picture);
    Size first = sliced.plan().preResized();
    RgbImage whole = first == null ? picture : PictureResizer.PILLOW_BICUBIC.resize(picture, first);
    RgbImage refined = PictureResizer.PILLOW_BICUBIC.resize(whole, sliced.plan().refined());
    assertThat(joined(sliced)).isEqualTo(refined.rgb());
    assertThat(sliced.overview().rgb())
        .isEqualTo(PictureResizer.PILLOW_BICUBIC.resize(whole, sliced.plan().overview()).rgb());
  }

  @Test
  void slice_smallPicture_isItsOverviewAlone() throws Exception {
    SlicedPicture sliced = slicer(SliceStrategy.LLAVA_UHD).slice(Pictures.noise(100, 80, 1));
    assertThat(sliced.slices()).isEmpty();
    assertThat(sliced.overview().size()).isEqualTo(new Size(364, 294));
  }

  @Test
  void slice_fewerThanTheModelWants_saysHowManyItWants() throws Exception {
    ImageSlicer slicer = slicer(SliceStrategy.LLAVA_UHD);
    RgbImage picture = Pictures.noise(800, 500, 3);
    int wanted = slicer.slice(picture).plan().sliceCount();

    SlicePlan two = slicer.slice(ReadPicture.whole(picture), 2).plan();
    SlicePlan overview = slicer.slice(ReadPicture.whole(picture), 1).plan();
    SlicePlan many = slicer.slice(ReadPicture.whole(picture), 100).plan();

    assertThat(two.sliceCount()).isEqualTo(2).isLessThan(wanted);
    assertThat(overview.sliceCount()).isZero();
    assertThat(two.isDegraded()).isTrue();
    assertThat(two.fullSlices()).isEqualTo(wanted);
    assertThat(overview.fullSlices()).isEqualTo(wanted);
    assertThat(many).isEqualTo(slicer.slice(picture).plan());
    assertThat(many.isDegraded()).isFalse();
  }

  @Test
  void slice_fixedWindows_areAllKept() throws Exception {
    ImageSlicer slicer = slicer(SliceStrategy.MONKEY);
    RgbImage picture = Pictures.noise(800, 500, 3);

    assertThat(slicer.maxSlices()).isZero();
    assertThat(slicer.slice(ReadPicture.whole(picture), 1).plan())
        .isEqualTo(slicer.slice(picture).plan());
  }

  @Test
  void slice_encodedPicture_isReadFirst() throws Exception {
    RgbImage picture = Pictures.noise(640, 480, 4);
    ImageSlicer slicer = slicer(SliceStrategy.LLAVA_UHD);
    assertThat(joined(slicer.slice(PictureEncoder.png(picture))))
        .isEqualTo(joined(slicer.slice(picture)));
  }

  @Test
  void slice_tooThinForThePlan_isRejected() {
    PictureRejectedException rejection =
        catchThrowableOfType(
            PictureRejectedException.class,
            () -> slicer(SliceStrategy.LLAVA_UHD_EVAL).slice(Pictures.noise(3000, 1, 1)));
    assertThat(rejection.reason()).isEqualTo(Reason.UNSUPPORTED);
    assertThat(rejection).hasMessageStartingWith("picture 3000x1: too thin");
  }

  private static ImageSlicer slicer(SliceStrategy strategy) {
    return new ImageSlicer(new ImageReader(), strategy.planner());
  }

  /** The slices put together again. */
  private static byte[] joined(SlicedPicture sliced) {
    Size slice = sliced.plan().slice();
    int columns = sliced.plan().columns();
    int rowBytes = 3 * slice.width();
    byte[] whole = new byte[rowBytes * slice.height() * sliced.plan().sliceCount()];
    for (int i = 0; i < sliced.slices().size(); i++) {
      for (int y = 0; y < slice.height(); y++) {
        int line = i / columns * slice.height() + y;
        System.arraycopy(
            sliced.slices().get(i).rgb(),
            y * rowBytes,
            whole,
            (line * columns + i % columns) * rowBytes,
            rowBytes);
      }
    }
    return whole;
  }
}
