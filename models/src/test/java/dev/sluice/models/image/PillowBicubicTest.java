package dev.sluice.models.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PillowBicubicTest {
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
        PillowBicubic.resize(Pictures.rgb(folder.resolve(name + ".from.png")), expected.size());
    assertThat(found.rgb()).isEqualTo(expected.rgb());
    assertThat(found.size()).isEqualTo(new Size(expected.width(), expected.height()));
  }

  @Property(tries = 60)
  void resize_oneColour_keepsIt(
      @ForAll("sizes") Size from, @ForAll("sizes") Size to, @ForAll byte level) {
    byte[] rgb = new byte[3 * from.width() * from.height()];
    Arrays.fill(rgb, level);
    RgbImage resized = PillowBicubic.resize(new RgbImage(from.width(), from.height(), rgb), to);
    assertThat(resized.size()).isEqualTo(to);
    assertThat(resized.rgb()).containsOnly(level);
  }

  @Property(tries = 60)
  void resize_channels_doNotSeeEachOther(@ForAll("sizes") Size from, @ForAll("sizes") Size to) {
    RgbImage picture = Pictures.noise(from.width(), from.height(), 5);
    assertThat(swapped(PillowBicubic.resize(picture, to)).rgb())
        .isEqualTo(PillowBicubic.resize(swapped(picture), to).rgb());
  }

  /** The two passes by themselves, one after the other, are the resize. */
  @Property(tries = 60)
  void resize_bothSides_isAcrossThenDown(@ForAll("sizes") Size from, @ForAll("sizes") Size to) {
    RgbImage picture = Pictures.noise(from.width(), from.height(), 9);
    RgbImage across = PillowBicubic.resize(picture, new Size(to.width(), from.height()));
    assertThat(PillowBicubic.resize(across, to).rgb())
        .isEqualTo(PillowBicubic.resize(picture, to).rgb());
  }

  @Provide
  Arbitrary<Size> sizes() {
    Arbitrary<Integer> side = Arbitraries.integers().between(1, 60);
    return Combinators.combine(side, side).as(Size::new);
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
