package dev.sluice.models.image;

import dev.sluice.models.image.PictureRejectedException.Reason;
import dev.sluice.models.value.Size;
import java.util.Locale;

/**
 * What a picture file says about itself, read without decoding it. Immutable.
 *
 * <p>Reading walks the file's segments once: time is linear in its length, memory constant, and a
 * file that is cut off is found out.
 *
 * @param width stored width in pixels, before any turning
 * @param height stored height in pixels, before any turning
 * @param channels stored colour channels with alpha: 1 to 4; a palette counts as 3
 * @param bitDepth bits of one channel: 1, 2, 4, 8 or 16
 * @param orientation EXIF orientation, 1 (upright) to 8
 * @param animated whether more pictures may follow the first
 * @param adobeTransform colour transform of a JPEG's Adobe segment, -1 without one
 */
public record ImageHeader(
    ImageFormat format,
    int width,
    int height,
    int channels,
    int bitDepth,
    int orientation,
    boolean animated,
    int adobeTransform) {

  /**
   * @throws PictureRejectedException if the bytes are not a whole JPEG, PNG or WebP file, or use a
   *     variant that is not read
   */
  public static ImageHeader read(byte[] encoded) throws PictureRejectedException {
    Bytes file = new Bytes(encoded);
    ImageFormat format = ImageFormat.detect(file).orElse(null);
    if (format == null) {
      throw notRead(file);
    }
    ImageHeader header =
        switch (format) {
          case JPEG -> new JpegWalk(file).header();
          case PNG -> PngWalk.header(file);
          case WEBP -> WebpWalk.header(file);
        };
    if (header.width < 1 || header.height < 1) {
      throw unreadable(
          "%s picture of %dx%d: expected at least 1x1",
          format.label(), header.width, header.height);
    }
    return header;
  }

  /** The size after turning the picture upright. */
  public Size uprightSize() {
    return Orientation.swapsSides(orientation) ? new Size(height, width) : new Size(width, height);
  }

  private static PictureRejectedException notRead(Bytes file) {
    String known = ImageFormat.detectUnread(file).orElse(null);
    if (known == null) {
      return unreadable("not an image (%,d bytes)", file.length());
    }
    return unsupported("%s pictures are not read: expected JPEG, PNG or WebP", known);
  }

  static PictureRejectedException unreadable(String format, Object... values) {
    return new PictureRejectedException(
        Reason.UNREADABLE_IMAGE, String.format(Locale.ROOT, format, values));
  }

  static PictureRejectedException unsupported(String format, Object... values) {
    return new PictureRejectedException(
        Reason.UNSUPPORTED, String.format(Locale.ROOT, format, values));
  }

  static PictureRejectedException cutOff(ImageFormat format, Bytes file) {
    return unreadable("%s picture is cut off (%,d bytes)", format.label(), file.length());
  }
}
