package dev.sluice.jobs.scenes;

import dev.sluice.models.value.RgbImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** JPEG and PNG by the JDK, WebP, which it cannot write, by the engine. Immutable. */
public final class StandardPictureEncoder implements PictureEncoder {
  static {
    ImageIO.setUseCache(false);
  }

  @Override
  public byte[] encode(byte[] rgb, int width, int height, PictureFormat format, int quality) {
    return format == PictureFormat.WEBP
        ? dev.sluice.models.image.PictureEncoder.webp(new RgbImage(width, height, rgb), quality)
        : byTheJdk(rgb, width, height, format, quality);
  }

  private static byte[] byTheJdk(
      byte[] rgb, int width, int height, PictureFormat format, int quality) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int[] row = new int[width];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int i = (y * width + x) * 3;
        row[x] = (rgb[i] & 0xff) << 16 | (rgb[i + 1] & 0xff) << 8 | (rgb[i + 2] & 0xff);
      }
      image.getRaster().setDataElements(0, y, width, 1, row);
    }
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format.extension()).next();
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
        ImageWriteParam param = writer.getDefaultWriteParam();
        if (format == PictureFormat.JPEG) {
          param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
          param.setCompressionQuality(quality / 100f);
        }
        writer.setOutput(out);
        writer.write(null, new IIOImage(image, null, null), param);
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot write a %dx%d picture as %s".formatted(width, height, format), e);
    } finally {
      writer.dispose();
    }
  }
}
