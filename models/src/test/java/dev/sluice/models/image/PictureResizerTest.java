package dev.sluice.models.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.image.PictureResizer.Arithmetic;
import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.MethodSource;

class PictureResizerTest {
  static List<String> pairs() throws IOException {
    try (Stream<Path> files = Files.list(Pictures.FOLDER.resolve("resize"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".from.png"))
          .map(name -> name.replace(".from.png", ""))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void resize_everyPair_equalsPillowToTheBit(String name) throws IOException {
    Path folder = Pictures.FOLDER.resolve("resize");
    RgbImage expected = Pictures.rgb(folder.resolve(name + ".png"));
    RgbImage found =
        PictureResizer.PILLOW_BICUBIC.resize(
            Pictures.rgb(folder.resolve(name + ".from.png")), expected.size());
    assertThat(found.rgb()).isEqualTo(expected.rgb());
    assertThat(found.size()).isEqualTo(new Size(expected.width(), expected.height()));
  }

  @ParameterizedTest
  @CsvFileSource(files = "src/test/resources/pictures/resize/torch.csv")
  void resize_torchArithmetic_equalsTorchToTheBit(
      ResizeFilter filter, int width, int height, int toWidth, int toHeight, String crc32) {
    RgbImage resized =
        new PictureResizer(filter, Arithmetic.TORCH)
            .resize(hashed(width, height), new Size(toWidth, toHeight));
    assertThat("%08x".formatted(crc32(resized.rgb()))).isEqualTo(crc32);
  }

  @Test
  void filterOfCode_unknown_namesTheKnownOnes() {
    assertThatThrownBy(() -> ResizeFilter.of(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("resample: expected 1 (lanczos), 2 (bilinear) or 3 (bicubic), found 0");
  }

  @Property(tries = 60)
  void resize_oneColour_keepsIt(
      @ForAll("sizes") Size from, @ForAll("sizes") Size to, @ForAll byte level) {
    byte[] rgb = new byte[3 * from.width() * from.height()];
    Arrays.fill(rgb, level);
    RgbImage resized =
        PictureResizer.PILLOW_BICUBIC.resize(new RgbImage(from.width(), from.height(), rgb), to);
    assertThat(resized.size()).isEqualTo(to);
    assertThat(resized.rgb()).containsOnly(level);
  }

  @Property(tries = 60)
  void resize_channels_doNotSeeEachOther(@ForAll("sizes") Size from, @ForAll("sizes") Size to) {
    RgbImage picture = Pictures.noise(from.width(), from.height(), 5);
    assertThat(swapped(PictureResizer.PILLOW_BICUBIC.resize(picture, to)).rgb())
        .isEqualTo(PictureResizer.PILLOW_BICUBIC.resize(swapped(picture), to).rgb());
  }

  /** The two passes by themselves, one after the other, are the resize. */
  @Property(tries = 60)
  void resize_bothSides_isAcrossThenDown(@ForAll("sizes") Size from, @ForAll("sizes") Size to) {
    RgbImage picture = Pictures.noise(from.width(), from.height(), 9);
    RgbImage across =
        PictureResizer.PILLOW_BICUBIC.resize(picture, new Size(to.width(), from.height()));
    assertThat(PictureResizer.PILLOW_BICUBIC.resize(across, to).rgb())
        .isEqualTo(PictureResizer.PILLOW_BICUBIC.resize(picture, to).rgb());
  }

  @Provide
  Arbitrary<Size> sizes() {
    Arbitrary<Integer> side = Arbitraries.integers().between(1, 60);
    return Combinators.combine(side, side).as(Size::new);
  }

  /** The picture of make_resizes.py. */
  private static RgbImage hashed(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) ((i * 2654435761L) >> 16);
    }
    return new RgbImage(width, height, rgb);
  }

  private static long crc32(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return crc.getValue();
  }

  private static RgbImage swapped(RgbImage picture) {
    byte[] rgb = picture.rgb().clone();
    for (int i = 0; i < rgb.length; i += 3) {
      byte red = rgb[i];
      rgb[i] = rgb[i + 2];
      rgb[i + 2] = red;
    }
    return new RgbImage(picture.width(), picture.height(), rgb);
  }
}
