package dev.sluice.models.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Walks a WebP's chunks. Stateless. */
final class WebpWalk {
  private static final int FIRST_CHUNK = 12;
  private static final int VP8 = 0x56503820;
  private static final int VP8L = 0x5650384c;
  private static final int VP8X = 0x56503858;
  private static final int EXIF = 0x45584946;
  private static final int FRAME = 0x414e4d46;
  private static final int FRAME_HEADER = 16;
  private static final int ANIMATION_FLAG = 0x02;
  private static final int ALPHA_FLAG = 0x10;

  private WebpWalk() {}

  static ImageHeader header(Bytes file) throws PictureRejectedException {
    long end = file.u32LittleEndian(4) + 8;
    if (end > file.length() || end < FIRST_CHUNK + 18) {
      throw ImageHeader.cutOff(ImageFormat.WEBP, file);
    }
    Bytes body = file.slice(FIRST_CHUNK + 8, file.length());
    int type = (int) file.u32(FIRST_CHUNK);
    return switch (type) {
      case VP8 -> {
        if (!body.startsWith(3, 0x9d, 0x01, 0x2a)) {
          throw ImageHeader.unreadable("WebP picture is corrupt: no key frame");
        }
        yield of(body.u16LittleEndian(6) & 0x3fff, body.u16LittleEndian(8) & 0x3fff, 3, 1, false);
      }
      case VP8L -> {
        if (!body.startsWith(0, 0x2f)) {
          throw ImageHeader.unreadable("WebP picture is corrupt: no lossless signature");
        }
        long bits = body.u32LittleEndian(1);
        int channels = (bits >> 28 & 1) == 1 ? 4 : 3;
        yield of((int) (bits & 0x3fff) + 1, (int) (bits >> 14 & 0x3fff) + 1, channels, 1, false);
      }
      case VP8X ->
          of(
              body.u24LittleEndian(4) + 1,
              body.u24LittleEndian(7) + 1,
              (body.u8(0) & ALPHA_FLAG) == 0 ? 3 : 4,
              orientation(file, end),
              (body.u8(0) & ANIMATION_FLAG) != 0);
      default -> throw ImageHeader.unreadable("WebP picture is corrupt: no picture chunk");
    };
  }

  private static ImageHeader of(
      int width, int height, int channels, int orientation, boolean animated) {
    return new ImageHeader(ImageFormat.WEBP, width, height, channels, 8, orientation, animated, -1);
  }

  private static int orientation(Bytes file, long end) {
    long position = FIRST_CHUNK;
    while (position + 8 <= end) {
      long length = file.u32LittleEndian(position + 4);
      if (file.u32(position) == EXIF) {
        Bytes exif = file.slice(position + 8, length);
        return Orientation.isExif(exif) ? Orientation.ofExif(exif) : Orientation.ofTiff(exif);
      }
      position += 8 + length + (length & 1);
    }
    return Orientation.UPRIGHT;
  }

  /**
   * The coded pixels of the picture, or of an animation's first frame, as a file of their own, and
   * where they lie on the canvas: alpha, profiles and further frames cost nothing.
   */
  static FirstFrame firstFrame(byte[] encoded) throws PictureRejectedException {
    Bytes file = new Bytes(encoded);
    long end = file.u32LittleEndian(4) + 8;
    int left = 0;
    int top = 0;
    long position = FIRST_CHUNK;
    while (position + 8 <= end) {
      long length = file.u32LittleEndian(position + 4);
      int type = (int) file.u32(position);
      if (position + 8 + length > end) {
        break;
      }
      if (type == VP8 || type == VP8L) {
        return new FirstFrame(left, top, riff(file.slice(position, 8 + length)));
      }
      if (type == FRAME) { // holds chunks of its own: go into it
        left = 2 * file.u24LittleEndian(position + 8);
        top = 2 * file.u24LittleEndian(position + 11);
        position += 8 + FRAME_HEADER;
      } else {
        position += 8 + length + (length & 1);
      }
    }
    throw ImageHeader.unreadable("WebP picture without data");
  }

  private static byte[] riff(Bytes chunk) {
    int padded = chunk.length() + (chunk.length() & 1);
    return ByteBuffer.allocate(12 + padded)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put("RIFF".getBytes(StandardCharsets.US_ASCII))
        .putInt(4 + padded)
        .put("WEBP".getBytes(StandardCharsets.US_ASCII))
        .put(chunk.copy())
        .array();
  }

  /**
   * A still WebP and its place on the canvas. Owned by one reading.
   *
   * @param still a whole file of one chunk
   */
  @SuppressWarnings("ArrayRecordComponent") // lives within one call, never compared
  record FirstFrame(int left, int top, byte[] still) {}
}
