package dev.sluice.models.image;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.models.image.PictureRejectedException.Reason;
import dev.sluice.models.value.Size;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files that are made to cost much. What they may cost is a matter of {@link ImageLimits} and of
 * what reaches the decoder at all.
 */
class HostilePictureTest {
  private static final int PNG_AFTER_SIZE = 33;
  private static final int RIFF_HEADER = 12;

  /** 128 MiB once it is unpacked. */
  private static final int UNPACKED = 128 << 20;

  @ParameterizedTest
  @CsvSource({
    "baseline.jpg, 65000, 65000, 'JPEG picture of 65000x65000: the limit is 67,108,864 pixels'",
    "progressive.jpg, 10000, 10000, 'JPEG picture of 10000x10000: the limit is 67,108,864 pixels'",
    "baseline.jpg, 65535, 1, 'JPEG picture of 65535x1: the limit is 65500 pixels a side'",
    "grey.jpg, 1, 201, 'JPEG picture of 1x201: the limit is a shape of 200 to 1'",
    "lossy.webp, 16383, 16383, 'WebP picture of 16383x16383: the limit is 67,108,864 pixels'",
    "lossless.webp, 16384, 16384, 'WebP picture of 16384x16384: the limit is 67,108,864 pixels'",
    "animated.webp, 16777216, 1, 'WebP picture of 16777216x1: the limit is 65500 pixels a side'",
  })
  void bomb_isRejectedFromItsHeader(String name, int width, int height, String message)
      throws Exception {
    PictureRejectedException rejection = rejection(resized(name, width, height));
    assertThat(rejection).hasMessage(message);
    assertThat(rejection.reason()).isEqualTo(Reason.TOO_LARGE);
  }

  @ParameterizedTest
  @CsvSource({
    "baseline.jpg, 45, 0",
    "baseline.jpg, 0, 31",
    "lossy.webp, 0, 0",
    "lossy.webp, 45, 0"
  })
  void noPixels_isRejected(String name, int width, int height) throws Exception {
    PictureRejectedException rejection = rejection(resized(name, width, height));
    assertThat(rejection).hasMessageEndingWith("expected at least 1x1");
    assertThat(rejection.reason()).isEqualTo(Reason.UNREADABLE_IMAGE);
  }

  @Test
  void png_dataOfManyMegabytesForFewPixels_isReadAsFarAsItsSizeGoes() throws Exception {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(Arrays.copyOf(Pictures.bytes("decode/rgb.png"), 8));
    file.writeBytes(
        Pictures.pngChunk(
            "IHDR", ByteBuffer.allocate(13).putInt(8).putInt(8).put((byte) 8).array()));
    file.writeBytes(Pictures.pngChunk("IDAT", deflated(UNPACKED)));
    file.writeBytes(Pictures.pngChunk("IEND", new byte[0]));
    assertThat(new ImageReader().read(file.toByteArray()).size()).isEqualTo(new Size(8, 8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"iCCP", "zTXt", "iTXt", "eXIf"})
  void png_whatIsPackedBesideThePixels_neverReachesTheDecoder(String type) throws Exception {
    byte[] plain = Pictures.bytes("decode/rgb.png");
    byte[] packed = deflated(UNPACKED);
    byte[] body =
        ByteBuffer.allocate(3 + packed.length)
            .put((byte) 'x')
            .putShort((short) 0)
            .put(packed)
            .array();
    byte[] chunk = Pictures.pngChunk(type, body);
    byte[] loaded = inserted(plain, PNG_AFTER_SIZE, chunk);
    assertThat(PngWalk.pixelsOnly(loaded)).isEqualTo(PngWalk.pixelsOnly(plain));
    assertSamePixels(loaded, plain);
  }

  @Test
  void jpeg_profileOfManyMegabytes_changesNoPixel() throws Exception {
    byte[] plain = Pictures.bytes("decode/baseline.jpg");
    ByteArrayOutputStream profile = new ByteArrayOutputStream();
    for (int i = 1; i <= 150; i++) {
      byte[] part = new byte[65_519];
      profile.writeBytes(segment(0xe2, "ICC_PROFILE\0", new byte[] {(byte) i, (byte) 150}, part));
    }
    assertSamePixels(inserted(plain, 2, profile.toByteArray()), plain);
  }

  @ParameterizedTest
  @CsvSource({
    "8, 65535", // more entries than there are bytes
    "0, 1", // the directory lies in its own header
    "4294967295, 1", // and beyond the end
    "2147483647, 65535",
  })
  void jpeg_exifThatLeadsNowhere_leavesThePictureUpright(long directory, int entries)
      throws Exception {
    byte[] plain = Pictures.bytes("decode/baseline.jpg");
    byte[] tiff =
        ByteBuffer.allocate(60_000)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(new byte[] {'I', 'I', 42, 0})
            .putInt((int) directory)
            .putShort((short) entries)
            .array();
    assertSamePixels(inserted(plain, 2, segment(0xe1, "Exif\0\0", new byte[0], tiff)), plain);
  }

  @Test
  void webp_profileOfManyMegabytes_neverReachesTheDecoder() throws Exception {
    byte[] plain = Pictures.bytes("decode/lossy.webp");
    byte[] picture = Arrays.copyOfRange(plain, RIFF_HEADER, plain.length);
    byte[] canvas =
        ByteBuffer.allocate(18)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put("VP8X".getBytes(US_ASCII))
            .putInt(10)
            .putInt(0x20) // with a profile
            .put(new byte[] {44, 0, 0, 30, 0, 0})
            .array();
    byte[] profile =
        ByteBuffer.allocate(8 + (10 << 20))
            .order(ByteOrder.LITTLE_ENDIAN)
            .put("ICCP".getBytes(US_ASCII))
            .putInt(10 << 20)
            .array();
    byte[] loaded =
        ByteBuffer.allocate(RIFF_HEADER + canvas.length + profile.length + picture.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put("RIFF".getBytes(US_ASCII))
            .putInt(4 + canvas.length + profile.length + picture.length)
            .put("WEBP".getBytes(US_ASCII))
            .put(canvas)
            .put(profile)
            .put(picture)
            .array();
    assertThat(WebpWalk.firstFrame(loaded).still()).hasSizeLessThanOrEqualTo(plain.length);
    assertSamePixels(loaded, plain);
  }

  @ParameterizedTest
  @CsvSource({
    "rgb.png, image/webp", "rgb.png, text/html", "baseline.jpg, image/png",
    "baseline.jpg, image/svg+xml", "lossy.webp, image/jpeg", "lossy.webp, image/gif",
  })
  void foundTypeIsNotTheDeclared_isRejected(String name, String declared) throws Exception {
    byte[] file = Pictures.bytes("decode/" + name);
    PictureRejectedException rejection =
        catchThrowableOfType(
            PictureRejectedException.class, () -> new ImageReader().read(file, declared));
    assertThat(rejection).hasMessageStartingWith("declared as " + declared + ", but a ");
    assertThat(rejection.reason()).isEqualTo(Reason.UNSUPPORTED);
  }

  private static void assertSamePixels(byte[] file, byte[] plain) throws Exception {
    ImageReader reader = new ImageReader();
    assertThat(Pictures.distance(reader.read(file), reader.read(plain))).isZero();
  }

  private static PictureRejectedException rejection(byte[] file) {
    PictureRejectedException rejection =
        catchThrowableOfType(PictureRejectedException.class, () -> new ImageReader().read(file));
    assertThat(rejection).isNotNull();
    return rejection;
  }

  /** A file that says it is of another size. */
  private static byte[] resized(String name, int width, int height) throws IOException {
    byte[] file = Pictures.bytes("decode/" + name);
    ByteBuffer little = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (name.endsWith(".jpg")) {
      int frame = frameOf(file);
      ByteBuffer.wrap(file).putShort(frame + 5, (short) height).putShort(frame + 7, (short) width);
      return file;
    }
    switch (new String(file, RIFF_HEADER, 4, US_ASCII)) {
      case "VP8 " ->
          little
              .putShort(RIFF_HEADER + 14, (short) width)
              .putShort(RIFF_HEADER + 16, (short) height);
      case "VP8L" -> little.putInt(RIFF_HEADER + 9, (width - 1) | (height - 1) << 14);
      default -> {
        // 24 bits each; what is after the height stays.
        little.putInt(RIFF_HEADER + 12, width - 1);
        for (int i = 0; i < 3; i++) {
          file[RIFF_HEADER + 15 + i] = (byte) ((height - 1) >> (8 * i));
        }
      }
    }
    return file;
  }

  /** Where the marker of a JPEG's size stands. */
  private static int frameOf(byte[] jpeg) {
    for (int i = 2; ; i++) {
      if (jpeg[i] == (byte) 0xff && (jpeg[i + 1] == (byte) 0xc0 || jpeg[i + 1] == (byte) 0xc2)) {
        return i;
      }
    }
  }

  private static byte[] segment(int marker, String name, byte[] head, byte[] body) {
    int length = 2 + name.length() + head.length + body.length;
    return ByteBuffer.allocate(2 + length)
        .put((byte) 0xff)
        .put((byte) marker)
        .putShort((short) length)
        .put(name.getBytes(US_ASCII))
        .put(head)
        .put(body)
        .array();
  }

  private static byte[] inserted(byte[] file, int at, byte[] what) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(file, 0, at);
    out.writeBytes(what);
    out.write(file, at, file.length - at);
    return out.toByteArray();
  }

  private static byte[] deflated(int zeros) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflate =
        new DeflaterOutputStream(out, new Deflater(Deflater.BEST_COMPRESSION))) {
      byte[] block = new byte[1 << 20];
      for (int i = 0; i < zeros; i += block.length) {
        deflate.write(block);
      }
    }
    return out.toByteArray();
  }
}
