package dev.sluice.models.image;

import dev.sluice.models.image.PictureRejectedException.Reason;

/**
 * Walks a JPEG's markers from the first to the end of the picture. Used once, by one thread.
 *
 * <p>The compressed scans are skipped, but looked through for their end: a decoder fills what is
 * missing of a cut off file with grey and says nothing.
 */
final class JpegWalk {
  private static final int END = 0xd9;
  private static final int START_OF_SCAN = 0xda;
  private static final int EXIF_SEGMENT = 0xe1;
  private static final int ADOBE_SEGMENT = 0xee;

  /** Ten are usual; each costs a pass over all coefficients, so that thousands are an attack. */
  private static final int MAX_SCANS = 100;

  /** Scans * pixels: bounds the time of a large picture, a second or two at this limit. */
  private static final long MAX_SCANNED_PIXELS = 2_000_000_000L;

  private final Bytes file;
  private int position = 2;
  private int scans;
  private int width;
  private int height;
  private int components;
  private int orientation = Orientation.UPRIGHT;
  private boolean exifSeen;
  private int adobeTransform = -1;

  JpegWalk(Bytes file) {
    this.file = file;
  }

  ImageHeader header() throws PictureRejectedException {
    for (int marker = nextMarker(); marker != END; marker = nextMarker()) {
      if (hasSegment(marker)) {
        readSegment(marker);
      }
    }
    if (components == 0 || scans == 0) {
      throw ImageHeader.unreadable("JPEG picture without %s", components == 0 ? "a size" : "data");
    }
    return new ImageHeader(
        ImageFormat.JPEG, width, height, components, 8, orientation, false, adobeTransform);
  }

  /** Skips to the next marker, as decoders do, over fill bytes, compressed data and stray bytes. */
  private int nextMarker() throws PictureRejectedException {
    for (; position < file.length() - 1; position++) {
      int marker = file.u8(position + 1);
      if (file.u8(position) == 0xff && marker != 0 && marker != 0xff) {
        position += 2;
        return marker;
      }
    }
    throw ImageHeader.cutOff(ImageFormat.JPEG, file);
  }

  /** All but TEM, the restart markers and a repeated start. */
  private static boolean hasSegment(int marker) {
    return marker != 0x01 && !(marker >= 0xd0 && marker <= 0xd8);
  }

  private void readSegment(int marker) throws PictureRejectedException {
    int length = file.u16(position);
    if (length < 2) {
      throw ImageHeader.unreadable("JPEG picture is corrupt: a segment of %d bytes", length);
    }
    if (length > file.length() - position) {
      throw ImageHeader.cutOff(ImageFormat.JPEG, file);
    }
    Bytes body = file.slice(position + 2, length - 2);
    if (isFrame(marker)) {
      readFrame(marker, body);
    } else if (marker == START_OF_SCAN) {
      countScan();
    } else if (marker == EXIF_SEGMENT && !exifSeen && Orientation.isExif(body)) {
      exifSeen = true;
      orientation = Orientation.ofExif(body);
    } else if (marker == ADOBE_SEGMENT
        && body.length() >= 12
        && body.startsWith(0, 'A', 'd', 'o', 'b', 'e')) {
      adobeTransform = body.u8(11);
    }
    position += length;
  }

  /** SOF0 to SOF15, without the tables that share their range (DHT, JPG, DAC). */
  private static boolean isFrame(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }

  private void readFrame(int marker, Bytes body) throws PictureRejectedException {
    if (components != 0) {
      throw ImageHeader.unreadable("JPEG picture is corrupt: it states its size twice");
    }
    if (marker > 0xc2) {
      throw ImageHeader.unsupported(
          "JPEG coding process %d is not read: expected baseline or progressive", marker - 0xc0);
    }
    if (body.u8(0) != 8) {
      throw ImageHeader.unsupported(
          "JPEG picture of %d bits: expected 8 bits a channel", body.u8(0));
    }
    height = body.u16(1);
    width = body.u16(3);
    components = body.u8(5);
    if (components != 1 && components != 3 && components != 4) {
      throw ImageHeader.unsupported("JPEG picture of %d channels: expected 1, 3 or 4", components);
    }
  }

  private void countScan() throws PictureRejectedException {
    scans++;
    long pixels = Math.max(1, (long) width * height);
    long limit = Math.min(MAX_SCANS, Math.max(10, MAX_SCANNED_PIXELS / pixels));
    if (scans > limit) {
      throw new PictureRejectedException(
          Reason.TOO_LARGE,
          "JPEG picture of %dx%d: the limit is %d scans".formatted(width, height, limit));
    }
  }
}
