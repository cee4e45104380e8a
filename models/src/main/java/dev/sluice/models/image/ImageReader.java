package dev.sluice.models.image;

import dev.sluice.models.image.PictureRejectedException.Reason;
import dev.sluice.models.value.RgbImage;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * From an encoded JPEG, PNG or WebP to 8-bit RGB, with the pixels of Pillow's {@code
 * Image.open(file).convert("RGB")}. Thread-safe; holds nothing between two calls.
 *
 * <p>Alpha is dropped, not blended; palettes are looked up; of 16-bit channels the high byte stays,
 * of grey too, where Pillow clips to white (docs/decisions/0014-sixteen-bit-grey.md); CMYK is read
 * as Adobe writes it, inverted; of an animation the first frame is read; colour profiles are not
 * applied. Limits are checked on the header, before anything is decoded.
 */
public final class ImageReader {
  private final ImageLimits limits;
  private final Orientation orientation;

  /** Within {@link ImageLimits#DEFAULT}, turned upright. */
  public ImageReader() {
    this(ImageLimits.DEFAULT, Orientation.APPLY);
  }

  public ImageReader(ImageLimits limits, Orientation orientation) {
    this.limits = limits;
    this.orientation = orientation;
  }

  /**
   * @throws PictureRejectedException if it is not a readable picture within the limits
   */
  public RgbImage read(byte[] encoded) throws PictureRejectedException {
    ImageHeader header = checkedHeader(encoded);
    RgbImage stored = decode(header, encoded);
    if (stored.width() != header.width() || stored.height() != header.height()) {
      throw ImageHeader.unreadable(
          "%s picture is corrupt: %s pixels in a header of %dx%d",
          header.format().label(), stored.size(), header.width(), header.height());
    }
    return orientation == Orientation.APPLY
        ? Orientation.upright(stored, header.orientation())
        : stored;
  }

  /**
   * Reads a picture whose sender says what it is.
   *
   * @param declaredMediaType such as {@code image/png}; {@code application/octet-stream} declares
   *     nothing
   * @throws PictureRejectedException also if the picture is of another type than declared
   */
  public RgbImage read(byte[] encoded, String declaredMediaType) throws PictureRejectedException {
    ImageFormat.requireDeclared(encoded, declaredMediaType);
    return read(encoded);
  }

  /** What the header says, checked against the limits; nothing is decoded. */
  public ImageHeader checkedHeader(byte[] encoded) throws PictureRejectedException {
    limits.checkLength(encoded.length);
    ImageHeader header = ImageHeader.read(encoded);
    limits.checkHeader(header);
    return header;
  }

  private static RgbImage decode(ImageHeader header, byte[] encoded)
      throws PictureRejectedException {
    @Nullable RgbImage picture;
    try {
      picture =
          switch (header.format()) {
            case JPEG ->
                header.channels() == 4
                    ? CmykJpeg.decode(encoded, header.adobeTransform())
                    : OpenCv.decodeRgb(encoded);
            case PNG -> OpenCv.decodeRgb(PngWalk.pixelsOnly(encoded));
            case WEBP -> decodeWebp(header, WebpWalk.firstFrame(encoded));
          };
    } catch (RuntimeException e) { // how errors of C++ and of damaged files arrive
      throw corrupt(header, encoded);
    }
    if (picture == null) {
      throw corrupt(header, encoded);
    }
    return picture;
  }

  /** The frame on its canvas, which is black where no frame lies. */
  private static @Nullable RgbImage decodeWebp(ImageHeader header, WebpWalk.FirstFrame frame)
      throws PictureRejectedException {
    ImageHeader still = ImageHeader.read(frame.still());
    if (frame.left() > header.width() - still.width()
        || frame.top() > header.height() - still.height()) {
      throw ImageHeader.unreadable(
          "WebP picture is corrupt: a frame of %dx%d at %d,%d on a canvas of %dx%d",
          still.width(),
          still.height(),
          frame.left(),
          frame.top(),
          header.width(),
          header.height());
    }
    RgbImage picture = OpenCv.decodeRgb(frame.still());
    boolean whole = still.width() == header.width() && still.height() == header.height();
    if (picture == null || whole) {
      return picture;
    }
    if (picture.width() != still.width() || picture.height() != still.height()) {
      return null;
    }
    byte[] canvas = new byte[3 * header.width() * header.height()];
    for (int y = 0; y < picture.height(); y++) {
      int to = 3 * ((frame.top() + y) * header.width() + frame.left());
      System.arraycopy(picture.rgb(), 3 * picture.width() * y, canvas, to, 3 * picture.width());
    }
    return new RgbImage(header.width(), header.height(), canvas);
  }

  private static PictureRejectedException corrupt(ImageHeader header, byte[] encoded) {
    return new PictureRejectedException(
        Reason.UNREADABLE_IMAGE,
        String.format(
            Locale.ROOT,
            "%s picture of %dx%d is corrupt (%,d bytes)",
            header.format().label(),
            header.width(),
            header.height(),
            encoded.length));
  }
}
