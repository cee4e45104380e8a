package dev.sluice.models.image;

import dev.sluice.models.image.PictureRejectedException.Reason;
import dev.sluice.models.value.RgbImage;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * From an encoded JPEG, PNG or WebP to 8-bit RGB, with the pixels of Pillow's {@code
 * Image.open(file).convert("RGB")}. Thread-safe; holds nothing between two calls.
 *
 * <p>Alpha is dropped, not blended; palettes are looked up; of 16-bit colours the high byte stays,
 * 16-bit grey is clipped at 255 (that is what Pillow does, and thus what the models were given);
 * CMYK is read as Adobe writes it, inverted; of an animation the first frame is read; colour
 * profiles are not applied. Limits are checked on the header, before anything is decoded.
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
    String declared = printable(declaredMediaType);
    Bytes file = new Bytes(encoded);
    ImageFormat format = ImageFormat.detect(file).orElse(null);
    if (format != null && !format.isDeclaredAs(declaredMediaType)) {
      throw ImageHeader.unsupported(
          "declared as %s, but a %s picture (%,d bytes)", declared, format.label(), file.length());
    }
    if (format == null && ImageFormat.detectUnread(file).isEmpty()) {
      throw ImageHeader.unreadable(
          "not an image (%,d bytes, declared %s)", file.length(), declared);
    }
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
            case PNG -> decodePng(header, PngWalk.pixelsOnly(encoded));
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

  private static @Nullable RgbImage decodePng(ImageHeader header, byte[] pixelsOnly) {
    if (header.channels() != 1 || header.bitDepth() != 16) {
      return OpenCv.decodeRgb(pixelsOnly);
    }
    byte[] grey16 = OpenCv.decodeGrey16(pixelsOnly);
    if (grey16 == null) {
      return null;
    }
    byte[] rgb = new byte[grey16.length / 2 * 3];
    for (int i = 0; i < grey16.length / 2; i++) {
      byte level = grey16[2 * i + 1] == 0 ? grey16[2 * i] : (byte) 255;
      rgb[3 * i] = level;
      rgb[3 * i + 1] = level;
      rgb[3 * i + 2] = level;
    }
    return new RgbImage(header.width(), header.height(), rgb);
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

  /** A sender's text, short and without control characters. */
  private static String printable(String text) {
    String shortened = text.length() > 60 ? text.substring(0, 60) + "…" : text;
    return shortened.replaceAll("\\p{Cntrl}", "?");
  }
}
