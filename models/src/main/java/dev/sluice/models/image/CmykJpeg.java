package dev.sluice.models.image;

import dev.sluice.models.value.RgbImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * JPEGs of four channels: CMYK and YCCK. Stateless.
 *
 * <p>OpenCV turns them into RGB by a rougher rule than Pillow's, so that the JDK's decoder gives
 * the four stored channels here, and the conversion is Pillow's ({@code cmyk2rgb} of {@code
 * Convert.c}), after libjpeg's from YCCK. As in Pillow the channels are taken as Adobe stores them:
 * 255 is no ink.
 */
final class CmykJpeg {
  private static final int YCCK = 2;

  private CmykJpeg() {}

  /** Null where the decoder cannot read it. */
  static @Nullable RgbImage decode(byte[] encoded, int adobeTransform) {
    Raster raster = raster(encoded);
    if (raster == null || raster.getNumBands() != 4) {
      return null;
    }
    int width = raster.getWidth();
    int height = raster.getHeight();
    byte[] rgb = new byte[3 * width * height];
    int[] row = new int[4 * width];
    int[] cmyk = new int[4];
    for (int y = 0; y < height; y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int x = 0; x < width; x++) {
        System.arraycopy(row, 4 * x, cmyk, 0, 4);
        if (adobeTransform == YCCK) {
          fromYcck(cmyk);
        }
        store(cmyk, rgb, 3 * (y * width + x));
      }
    }
    return new RgbImage(width, height, rgb);
  }

  private static @Nullable Raster raster(byte[] encoded) {
    Iterator<javax.imageio.ImageReader> readers = ImageIO.getImageReadersByFormatName("jpeg");
    if (!readers.hasNext()) {
      throw new IllegalStateException("CMYK JPEG: this Java runtime has no JPEG decoder");
    }
    javax.imageio.ImageReader reader = readers.next();
    try (ImageInputStream input =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(encoded))) {
      reader.setInput(input, /* seekForwardOnly= */ true, /* ignoreMetadata= */ true);
      return reader.readRaster(0, null);
    } catch (IOException e) {
      return null;
    } finally {
      reader.dispose();
    }
  }

  /** libjpeg's ycck_cmyk_convert, in 16-bit fixed point; K stays. */
  private static void fromYcck(int[] pixel) {
    int y = pixel[0];
    int cb = pixel[1] - 128;
    int cr = pixel[2] - 128;
    pixel[0] = clip(255 - (y + ((91881 * cr + 32768) >> 16)));
    pixel[1] = clip(255 - (y + ((-22554 * cb - 46802 * cr + 32768) >> 16)));
    pixel[2] = clip(255 - (y + ((116130 * cb + 32768) >> 16)));
  }

  private static void store(int[] stored, byte[] rgb, int at) {
    int black = stored[3];
    for (int i = 0; i < 3; i++) {
      int product = (255 - stored[i]) * black + 128;
      rgb[at + i] = (byte) clip(black - (((product >> 8) + product) >> 8));
    }
  }

  private static int clip(int value) {
    return Math.max(0, Math.min(255, value));
  }
}
