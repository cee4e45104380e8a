package dev.sluice.models.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
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
}
