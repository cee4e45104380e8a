package dev.sluice.models.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.models.image.PictureRejectedException.Reason;
import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
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

  @ParameterizedTest
  @MethodSource("variants")
  void read_cutOffAnywhere_isRejected(String name) throws Exception {
    byte[] whole = Pictures.bytes("decode/" + name);
    int extra = name.equals("trailing-bytes.jpg") ? "after the end".length() : 0;
    for (int length = 0; length < whole.length - extra; length += 1 + whole.length / 40) {
      assertRejected(Arrays.copyOf(whole, length), Reason.UNREADABLE_IMAGE);
    }
    assertRejected(Arrays.copyOf(whole, whole.length - extra - 1), Reason.UNREADABLE_IMAGE);
  }

  @Test
  void read_text_isRejectedWithoutRepeatingIt() {
    byte[] text = "card 4111 1111 111".getBytes(UTF_8);
    assertThatExceptionOfType(PictureRejectedException.class)
        .isThrownBy(() -> new ImageReader().read(text))
        .withMessage("not an image (18 bytes)");
    assertThatExceptionOfType(PictureRejectedException.class)
        .isThrownBy(() -> new ImageReader().read(text, "image/png"))
        .withMessage("not an image (18 bytes, declared image/png)");
  }

  @Test
  void read_nothing_isRejected() {
    assertThat(assertRejected(new byte[0], Reason.UNREADABLE_IMAGE))
        .hasMessage("not an image (0 bytes)");
  }

  @Test
  void read_formatThatIsNotRead_isNamed() {
    byte[] gif = "GIF89a and so on".getBytes(UTF_8);
    assertThat(assertRejected(gif, Reason.UNSUPPORTED))
        .hasMessage("GIF pictures are not read: expected JPEG, PNG or WebP");
  }

  @Test
  void read_declaredTypeDiffers_isRejected() throws Exception {
    byte[] png = Pictures.bytes("decode/rgb.png");
    assertThat(new ImageReader().read(png, "image/PNG; charset=binary").width()).isEqualTo(45);
    assertThat(new ImageReader().read(png, "application/octet-stream").width()).isEqualTo(45);
    assertThatExceptionOfType(PictureRejectedException.class)
        .isThrownBy(() -> new ImageReader().read(png, "image/jpeg"))
        .withMessageStartingWith("declared as image/jpeg, but a PNG picture (")
        .extracting(PictureRejectedException::reason)
        .isEqualTo(Reason.UNSUPPORTED);
  }

  @Test
  void read_flippedByteInThePixels_isRejected() throws Exception {
    byte[] png = Pictures.bytes("decode/rgb.png");
    png[png.length / 2] ^= 0x10;
    assertThat(assertRejected(png, Reason.UNREADABLE_IMAGE))
        .hasMessage("PNG picture of 45x31 is corrupt (%,d bytes)", png.length);
  }

  @Test
  void read_orientationIgnored_givesThePixelsAsStored() throws Exception {
    byte[] turned = Pictures.bytes("decode/upright6-exif.png");
    var stored = new ImageReader(ImageLimits.DEFAULT, Orientation.IGNORE).read(turned);
    assertThat(stored.size()).isEqualTo(new Size(19, 11));
    assertThat(new ImageReader().read(turned).size()).isEqualTo(new Size(11, 19));
    assertThat(ImageHeader.read(turned).uprightSize()).isEqualTo(new Size(11, 19));
  }

  @Test
  void read_manyThreads_giveTheSamePixels() throws Exception {
    List<String> names = variants();
    List<RgbImage> alone = new ArrayList<>();
    for (String name : names) {
      alone.add(new ImageReader().read(Pictures.bytes("decode/" + name)));
    }
    ImageReader shared = new ImageReader();
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      List<Callable<RgbImage>> reads = new ArrayList<>();
      for (int i = 0; i < 10 * names.size(); i++) {
        String name = names.get(i % names.size());
        reads.add(() -> shared.read(Pictures.bytes("decode/" + name)));
      }
      List<Future<RgbImage>> found = pool.invokeAll(reads);
      for (int i = 0; i < found.size(); i++) {
        assertThat(found.get(i).get().rgb()).isEqualTo(alone.get(i % names.size()).rgb());
      }
    } finally {
      pool.shutdownNow();
    }
  }

  /** Whatever a stranger sends is a picture or a rejection. */
  @Property(tries = 400)
  void read_damagedFile_isReadOrRejected(@ForAll Random random) throws Exception {
    List<String> names = variants();
    byte[] file = Pictures.bytes("decode/" + names.get(random.nextInt(names.size())));
    for (int i = 0; i < 1 + random.nextInt(6); i++) {
      int end = random.nextBoolean() ? Math.min(64, file.length) : file.length;
      file[random.nextInt(end)] = (byte) random.nextInt();
    }
    var limits = new ImageLimits(1 << 20, 1_000_000, 10_000, 200);
    try {
      assertThat(new ImageReader(limits, Orientation.APPLY).read(file)).isNotNull();
    } catch (PictureRejectedException e) {
      assertThat(e).hasMessageNotContaining("null");
    }
  }

  private static PictureRejectedException assertRejected(byte[] file, Reason reason) {
    var rejection =
        catchThrowableOfType(PictureRejectedException.class, () -> new ImageReader().read(file));
    assertThat(rejection).as("%d bytes", file.length).isNotNull();
    assertThat(rejection.reason()).isEqualTo(reason);
    return rejection;
  }
}
