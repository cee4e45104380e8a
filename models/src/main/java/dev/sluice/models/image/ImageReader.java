package dev.sluice.models.image;

import dev.sluice.models.image.PictureRejectedException.Reason;
import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.Size;
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
  private final PictureDetail detail;

  /** Within {@link ImageLimits#DEFAULT}, turned upright, exact. */
  public ImageReader() {
    this(ImageLimits.DEFAULT, Orientation.APPLY);
  }

  /** Exact. */
  public ImageReader(ImageLimits limits, Orientation orientation) {
    this(limits, orientation, PictureDetail.EXACT);
  }

  /**
   * @param detail of pictures that are read for a use, see {@link Use}
   */
  public ImageReader(ImageLimits limits, Orientation orientation, PictureDetail detail) {
    this.limits = limits;
    this.orientation = orientation;
    this.detail = detail;
  }

  /** What a picture is going to be used for. */
  @FunctionalInterface
  interface Use {
    /**
     * The size that the picture is brought to; the largest side by side where there are several.
     *
     * @throws PictureRejectedException if a picture of this size is of no use
     */
    Size needed(Size source) throws PictureRejectedException;
  }

  /**
   * @throws PictureRejectedException if it is not a readable picture within the limits
   */
  public RgbImage read(byte[] encoded) throws PictureRejectedException {
    return read(checkedHeader(encoded), encoded, 1);
  }

  /**
   * Reads a picture that is going to be made smaller: a JPEG in less than its full size where that
   * covers its use and exactness is not asked for.
   *
   * @throws PictureRejectedException if it is not a readable picture within the limits
   */
  ReadPicture read(byte[] encoded, Use use) throws PictureRejectedException {
    ImageHeader header = checkedHeader(encoded);
    Size source =
        orientation == Orientation.APPLY
            ? header.uprightSize()
            : new Size(header.width(), header.height());
    boolean scales = header.format() == ImageFormat.JPEG && header.channels() < 4;
    int reduction = scales ? detail.reduction(source, use.needed(source)) : 1;
    return new ReadPicture(source, read(header, encoded, reduction));
  }

  private RgbImage read(ImageHeader header, byte[] encoded, int reduction)
      throws PictureRejectedException {
    RgbImage stored = decode(header, encoded, reduction);
    if (stored.width() != divided(header.width(), reduction)
        || stored.height() != divided(header.height(), reduction)) {
      throw ImageHeader.unreadable(
          "%s picture is corrupt: %s pixels in a header of %dx%d",
          header.format().label(), stored.size(), header.width(), header.height());
    }
    return orientation == Orientation.APPLY
        ? Orientation.upright(stored, header.orientation())
        : stored;
  }

  private static int divided(int side, int reduction) {
    return (side + reduction - 1) / reduction;
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

  /** Reads for a use what a sender may say the type of. */
  ReadPicture read(byte[] encoded, @Nullable String declaredMediaType, Use use)
      throws PictureRejectedException {
    ImageFormat.requireDeclared(encoded, declaredMediaType);
    return read(encoded, use);
  }

  /** What the header says, checked against the limits; nothing is decoded. */
  public ImageHeader checkedHeader(byte[] encoded) throws PictureRejectedException {
    limits.checkLength(encoded.length);
    ImageHeader header = ImageHeader.read(encoded);
    limits.checkHeader(header);
    return header;
  }

  private static RgbImage decode(ImageHeader header, byte[] encoded, int reduction)
      throws PictureRejectedException {
    @Nullable RgbImage picture;
    try {
      picture =
          switch (header.format()) {
            case JPEG ->
                header.channels() == 4
                    ? CmykJpeg.decode(encoded, header.adobeTransform())
                    : OpenCv.decodeRgb(encoded, reduction);
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
