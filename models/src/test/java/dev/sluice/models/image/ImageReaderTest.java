package dev.sluice.models.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ImageReaderTest {
  static List<String> variants() throws IOException {
    try (Stream<Path> files = Files.list(Pictures.FOLDER.resolve("decode"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".rgb.png"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void read_everyVariant_givesPillowsPixels(String name) throws Exception {
    var found = new ImageReader().read(Pictures.bytes("decode/" + name));
    var expected = Pictures.rgb(Pictures.FOLDER.resolve("decode/" + name + ".rgb.png"));
    assertThat(Pictures.distance(found, expected)).isZero();
  }
}
