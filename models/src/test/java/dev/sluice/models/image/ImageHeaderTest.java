package dev.sluice.models.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.models.image.PictureRejectedException.Reason;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageHeaderTest {
  @ParameterizedTest
  @CsvSource({
    "baseline.jpg, JPEG, 45, 31, 3, 8, 1, false",
    "progressive.jpg, JPEG, 45, 31, 3, 8, 1, false",
    "grey.jpg, JPEG, 45, 31, 1, 8, 1, false",
    "ycck.jpg, JPEG, 45, 31, 4, 8, 1, false",
    "upright5-exif.jpg, JPEG, 19, 11, 3, 8, 5, false",
    "rgb-interlaced.png, PNG, 45, 31, 3, 8, 1, false",
    "palette-16.png, PNG, 45, 31, 3, 4, 1, false",
    "grey-16bit.png, PNG, 45, 31, 1, 16, 1, false",
    "rgba.png, PNG, 45, 31, 4, 8, 1, false",
    "animated.png, PNG, 45, 31, 3, 8, 1, true",
    "upright6-exif.png, PNG, 19, 11, 3, 8, 6, false",
    "lossy.webp, WEBP, 45, 31, 3, 8, 1, false",
    "lossless-alpha.webp, WEBP, 45, 31, 4, 8, 1, false",
    "animated.webp, WEBP, 45, 31, 3, 8, 1, true",
    "upright8-exif.webp, WEBP, 19, 11, 3, 8, 8, false",
  })
  void read_fixture_saysWhatItIs(
      String name,
      ImageFormat format,
      int width,
      int height,
      int channels,
      int bitDepth,
      int orientation,
      boolean animated)
      throws Exception {
    ImageHeader header = ImageHeader.read(Pictures.bytes("decode/" + name));
    assertThat(header.format()).isEqualTo(format);
    assertThat(header.width()).isEqualTo(width);
    assertThat(header.height()).isEqualTo(height);
    assertThat(header.channels()).isEqualTo(channels);
    assertThat(header.bitDepth()).isEqualTo(bitDepth);
    assertThat(header.orientation()).isEqualTo(orientation);
    assertThat(header.animated()).isEqualTo(animated);
  }

  @Test
  void limits_bomb_isRejectedFromItsHeader() {
    assertRejected(png(60_000, 60_000), Reason.TOO_LARGE)
        .isEqualTo("PNG picture of 60000x60000: the limit is 67,108,864 pixels");
    assertRejected(png(2_000_000_000, 1), Reason.TOO_LARGE)
        .isEqualTo("PNG picture of 2000000000x1: the limit is 65500 pixels a side");
    assertRejected(png(201, 1), Reason.TOO_LARGE)
        .isEqualTo("PNG picture of 201x1: the limit is a shape of 200 to 1");
    assertRejected(png(0, 7), Reason.UNREADABLE_IMAGE)
        .isEqualTo("PNG picture of 0x7: expected at least 1x1");
    assertRejected(png(-5, 7), Reason.UNREADABLE_IMAGE)
        .isEqualTo("PNG picture of 0x7: expected at least 1x1");
  }

  @Test
  void limits_longFile_isRejectedByItsLength() throws Exception {
    ImageReader reader = new ImageReader(new ImageLimits(100, 1000, 100, 10), Orientation.APPLY);
    byte[] file = Pictures.bytes("decode/rgb.png");
    PictureRejectedException rejection =
        catchThrowableOfType(PictureRejectedException.class, () -> reader.checkedHeader(file));
    assertThat(rejection).hasMessageEndingWith("the limit is 100 bytes");
    assertThat(rejection.reason()).isEqualTo(Reason.TOO_LARGE);
  }

  @Test
  void read_jpegOfManyScans_isRejected() throws Exception {
    byte[] jpeg = Pictures.bytes("decode/progressive.jpg");
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    bomb.write(jpeg, 0, jpeg.length - 2);
    for (int i = 0; i < 1000; i++) {
      bomb.write(new byte[] {(byte) 0xff, (byte) 0xda, 0, 8, 1, 1, 0, 1, 1, 0});
    }
    bomb.write(jpeg, jpeg.length - 2, 2);
    assertRejected(bomb.toByteArray(), Reason.TOO_LARGE)
        .isEqualTo("JPEG picture of 45x31: the limit is 100 scans");
  }

  private static AbstractStringAssert<?> assertRejected(byte[] file, Reason reason) {
    PictureRejectedException rejection =
        catchThrowableOfType(
            PictureRejectedException.class, () -> new ImageReader().checkedHeader(file));
    assertThat(rejection).isNotNull();
    assertThat(rejection.reason()).isEqualTo(reason);
    return assertThat(rejection.getMessage());
  }

  /** A grey PNG that says it is this large and holds next to nothing. */
  private static byte[] png(int width, int height) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    out.writeBytes(
        Pictures.pngChunk(
            "IHDR", ByteBuffer.allocate(13).putInt(width).putInt(height).put((byte) 8).array()));
    out.writeBytes(Pictures.pngChunk("IDAT", new byte[10]));
    out.writeBytes(Pictures.pngChunk("IEND", new byte[0]));
    return out.toByteArray();
  }
}
