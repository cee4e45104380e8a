package dev.sluice.models.image;

import dev.sluice.models.value.RgbImage;
import org.bytedeco.opencv.global.opencv_imgcodecs;

/** Writes pictures as JPEG, PNG or WebP files. Stateless, thread-safe. */
public final class PictureEncoder {
  /** Above this OpenCV's WebP encoder is lossless. */
  private static final int WEBP_LOSSLESS = 101;

  private PictureEncoder() {}

  /**
   * @param quality 1 to 100
   */
  public static byte[] jpeg(RgbImage picture, int quality) {
    return encode(picture, ".jpg", opencv_imgcodecs.IMWRITE_JPEG_QUALITY, checked(quality));
  }

  public static byte[] png(RgbImage picture) {
    return encode(picture, ".png");
  }

  /**
   * @param quality 1 to 100
   */
  public static byte[] webp(RgbImage picture, int quality) {
    return encode(picture, ".webp", opencv_imgcodecs.IMWRITE_WEBP_QUALITY, checked(quality));
  }

  public static byte[] losslessWebp(RgbImage picture) {
    return encode(picture, ".webp", opencv_imgcodecs.IMWRITE_WEBP_QUALITY, WEBP_LOSSLESS);
  }

  private static int checked(int quality) {
    if (quality < 1 || quality > 100) {
      throw new IllegalArgumentException("quality: expected 1 to 100, found " + quality);
    }
    return quality;
  }

  private static byte[] encode(RgbImage picture, String extension, int... parameters) {
    byte[] rgb = picture.rgb();
    byte[] bgr = new byte[rgb.length];
    for (int i = 0; i < rgb.length; i += 3) {
      bgr[i] = rgb[i + 2];
      bgr[i + 1] = rgb[i + 1];
      bgr[i + 2] = rgb[i];
    }
    return OpenCv.encode(picture.width(), picture.height(), bgr, extension, parameters);
  }
}
