package dev.sluice.models.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.GoldenFolders;
import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.Size;
import dev.sluice.models.value.SlicedPicture;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PictureDetailTest {
  private static final Path PHOTOGRAPH =
      GoldenFolders.fixture("pictures").resolve("chelsea_451x300.jpg");

  @ParameterizedTest
  @CsvSource({
    "4000, 3000, 924, 700, 4",
    "4000, 3000, 1000, 750, 4",
    "4000, 3000, 1001, 750, 2",
    "4000, 3000, 224, 224, 8",
    "4000, 700, 924, 700, 1",
    "300, 200, 924, 700, 1",
  })
  void reduction_isTheLargestThatCoversWhatIsNeeded(
      int width, int height, int neededWidth, int neededHeight, int expected) {
    Size source = new Size(width, height);
    Size needed = new Size(neededWidth, neededHeight);

    assertThat(PictureDetail.SCALED.reduction(source, needed)).isEqualTo(expected);
    assertThat(PictureDetail.EXACT.reduction(source, needed)).isEqualTo(1);
  }

  /** A photograph at the sharpness of a camera, four times enlarged. */
  @ParameterizedTest
  @EnumSource(
      value = SliceStrategy.class,
      names = {"LLAVA_UHD", "LLAVA_UHD_EVAL"})
  void scaledSlices_areNearToTheExactOnes(SliceStrategy strategy) throws Exception {
    RgbImage photograph = new ImageReader().read(Files.readAllBytes(PHOTOGRAPH));
    RgbImage large =
        PictureResizer.PILLOW_BICUBIC.resize(
            photograph, new Size(8 * photograph.width() + 3, 8 * photograph.height() + 1));
    byte[] jpeg = PictureEncoder.jpeg(large, 90);

    SlicedPicture exact = slicer(strategy, PictureDetail.EXACT).slice(jpeg);
    ReadPicture read = slicer(strategy, PictureDetail.SCALED).readToSlice(jpeg, "image/jpeg");
    SlicedPicture scaled = slicer(strategy, PictureDetail.SCALED).slice(read);

    assertThat(read.source()).isEqualTo(large.size());
    assertThat(read.pixels().width()).isLessThanOrEqualTo(large.width() / 2 + 1);
    assertThat(scaled.plan()).isEqualTo(exact.plan());
    assertThat(peakSignalToNoise(exact, scaled)).isGreaterThan(40);
  }

  @Test
  void turnedJpeg_isTurnedAfterScaling() throws Exception {
    byte[] upright = PictureEncoder.jpeg(Pictures.noise(1600, 800, 1), 90);
    byte[] turned = turnedByExif(upright);

    ReadPicture read =
        new ImageReader(ImageLimits.DEFAULT, Orientation.APPLY, PictureDetail.SCALED)
            .read(turned, source -> new Size(200, 400));

    assertThat(read.source()).isEqualTo(new Size(800, 1600));
    assertThat(read.pixels().size()).isEqualTo(new Size(200, 400));
  }

  /** The same file with orientation 6 in an EXIF segment behind its start. */
  private static byte[] turnedByExif(byte[] jpeg) {
    byte[] tiff = {'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0};
    return ByteBuffer.allocate(jpeg.length + 14 + tiff.length)
        .put(jpeg, 0, 2)
        .put(new byte[] {(byte) 0xff, (byte) 0xe1, 0, (byte) (12 + tiff.length)})
        .put(new byte[] {'E', 'x', 'i', 'f', 0, 0})
        .put(tiff)
        .put(new byte[4]) // no other directory
        .put(jpeg, 2, jpeg.length - 2)
        .array();
  }

  /** Other formats have no scaling of their own, CMYK goes through another decoder. */
  @Test
  void otherPictures_areReadInFull() throws Exception {
    byte[] png = PictureEncoder.png(Pictures.noise(3000, 2000, 1));

    ReadPicture read = slicer(SliceStrategy.LLAVA_UHD, PictureDetail.SCALED).readToSlice(png, null);

    assertThat(read.isReduced()).isFalse();
  }

  @Test
  void declaredType_isCheckedBeforeScaling() throws Exception {
    byte[] jpeg = Files.readAllBytes(PHOTOGRAPH);

    assertThatThrownBy(
            () ->
                slicer(SliceStrategy.LLAVA_UHD, PictureDetail.SCALED)
                    .readToSlice(jpeg, "image/png"))
        .isInstanceOf(PictureRejectedException.class);
  }

  /** The decoder's scaling is other code than its full size. */
  @Test
  void damagedJpegs_areAPictureOrARejection() throws Exception {
    byte[] jpeg = Files.readAllBytes(PHOTOGRAPH);
    ImageReader reader =
        new ImageReader(ImageLimits.DEFAULT, Orientation.APPLY, PictureDetail.SCALED);
    Random random = new Random(1);
    int pictures = 0;
    int rejections = 0;
    for (int round = 0; round < 300; round++) {
      byte[] damaged = jpeg.clone();
      for (int i = 0; i < 1 + round % 8; i++) {
        damaged[random.nextInt(round % 2 == 0 ? 700 : damaged.length)] = (byte) random.nextInt();
      }
      try {
        ReadPicture read = reader.read(damaged, source -> new Size(1, 1));
        assertThat(read.pixels().width()).isEqualTo((read.source().width() + 7) / 8);
        pictures++;
      } catch (PictureRejectedException e) {
        rejections++;
      }
    }
    assertThat(pictures).isPositive();
    assertThat(rejections).isPositive();
  }

  private static ImageSlicer slicer(SliceStrategy strategy, PictureDetail detail) {
    return new ImageSlicer(
        new ImageReader(ImageLimits.DEFAULT, Orientation.APPLY, detail), strategy.planner());
  }

  /** Decibels over all tiles. */
  private static double peakSignalToNoise(SlicedPicture exact, SlicedPicture scaled) {
    List<RgbImage> expected = tiles(exact);
    List<RgbImage> found = tiles(scaled);
    double squares = 0;
    long levels = 0;
    for (int i = 0; i < expected.size(); i++) {
      byte[] a = expected.get(i).rgb();
      byte[] b = found.get(i).rgb();
      for (int at = 0; at < a.length; at++) {
        int difference = (a[at] & 0xff) - (b[at] & 0xff);
        squares += (double) difference * difference;
      }
      levels += a.length;
    }
    return 10 * Math.log10(255.0 * 255.0 * levels / squares);
  }

  private static List<RgbImage> tiles(SlicedPicture picture) {
    List<RgbImage> tiles = new ArrayList<>(picture.slices());
    tiles.add(picture.overview());
    return tiles;
  }
}
