package dev.sluice.models.image;

import dev.sluice.models.image.PictureRejectedException.Reason;
import java.util.Locale;

/**
 * How large a picture may say it is before anything of it is decoded. Immutable.
 *
 * @param maxBytes of the encoded file
 * @param maxPixels width * height; decoding takes up to 6 bytes of memory a pixel for a moment, of
 *     a progressive JPEG 12
 * @param maxSide width or height, pixels
 * @param maxAspectRatio longer side over shorter side
 */
public record ImageLimits(long maxBytes, long maxPixels, int maxSide, int maxAspectRatio) {
  /**
   * 50 MiB; 67 million pixels, which lets the 64 megapixels of phones through and keeps a decoding
   * thread below 0.8 GB at the worst; sides of 65,500, the most a JPEG can have in practice; 200 to
   * 1, the ratio from which Qwen-VL's own preprocessing refuses.
   */
  public static final ImageLimits DEFAULT = new ImageLimits(50L << 20, 1 << 26, 65_500, 200);

  public ImageLimits {
    if (maxBytes < 1 || maxPixels < 1 || maxSide < 1 || maxAspectRatio < 1) {
      throw new IllegalArgumentException(
          "image limits: expected positive numbers, found %d bytes, %d pixels, side %d, ratio %d"
              .formatted(maxBytes, maxPixels, maxSide, maxAspectRatio));
    }
  }

  /** Checks the file's length, before its header is read. */
  void checkLength(int bytes) throws PictureRejectedException {
    if (bytes > maxBytes) {
      throw tooLarge("picture of %,d bytes: the limit is %,d bytes", bytes, maxBytes);
    }
  }

  /** Checks what the header says, before anything is decoded. */
  void checkHeader(ImageHeader header) throws PictureRejectedException {
    int width = header.width();
    int height = header.height();
    if (width > maxSide || height > maxSide) {
      throw tooLarge(
          "%s picture of %dx%d: the limit is %d pixels a side",
          header.format().label(), width, height, maxSide);
    }
    if ((long) width * height > maxPixels) {
      throw tooLarge(
          "%s picture of %dx%d: the limit is %,d pixels",
          header.format().label(), width, height, maxPixels);
    }
    if (Math.max(width, height) > (long) maxAspectRatio * Math.min(width, height)) {
      throw tooLarge(
          "%s picture of %dx%d: the limit is a shape of %d to 1",
          header.format().label(), width, height, maxAspectRatio);
    }
  }

  private static PictureRejectedException tooLarge(String format, Object... values) {
    return new PictureRejectedException(
        Reason.TOO_LARGE, String.format(Locale.ROOT, format, values));
  }
}
