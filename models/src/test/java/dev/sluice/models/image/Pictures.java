package dev.sluice.models.image;

import dev.sluice.models.value.RgbImage;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;

/** The picture fixtures, read with the JDK's decoder rather than ours. */
final class Pictures {
  static final Path FOLDER = Path.of("src/test/resources/pictures");

  private Pictures() {}

  static byte[] bytes(String name) throws IOException {
    return Files.readAllBytes(FOLDER.resolve(name));
  }

  /** A plain 8-bit RGB PNG. */
  static RgbImage rgb(Path png) throws IOException {
    File file = png.toFile();
    BufferedImage image = ImageIO.read(file);
    int width = image.getWidth();
    int height = image.getHeight();
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < width * height; i++) {
      int pixel = image.getRGB(i % width, i / width);
      rgb[3 * i] = (byte) (pixel >> 16);
      rgb[3 * i + 1] = (byte) (pixel >> 8);
      rgb[3 * i + 2] = (byte) pixel;
    }
    return new RgbImage(width, height, rgb);
  }

  /** A PNG chunk with its length and checksum. */
  static byte[] pngChunk(String type, byte[] body) {
    ByteBuffer chunk = ByteBuffer.allocate(12 + body.length);
    chunk.putInt(body.length).put(type.getBytes(StandardCharsets.US_ASCII)).put(body);
    CRC32 crc = new CRC32();
    crc.update(chunk.array(), 4, 4 + body.length);
    return chunk.putInt((int) crc.getValue()).array();
  }

  /** A picture of noise. */
  static RgbImage noise(int width, int height, long seed) {
    byte[] rgb = new byte[3 * width * height];
    new Random(seed).nextBytes(rgb);
    return new RgbImage(width, height, rgb);
  }

  /** The largest difference between two pictures of one size, in levels. */
  static int distance(RgbImage a, RgbImage b) {
    if (!a.size().equals(b.size())) {
      throw new AssertionError("expected " + b.size() + ", found " + a.size());
    }
    int largest = 0;
    for (int i = 0; i < a.rgb().length; i++) {
      largest = Math.max(largest, Math.abs((a.rgb()[i] & 0xff) - (b.rgb()[i] & 0xff)));
    }
    return largest;
  }
}
