package dev.sluice.models.image;

import java.io.ByteArrayOutputStream;
import java.util.Set;

/** Walks a PNG's chunks. Stateless. */
final class PngWalk {
  private static final int SIGNATURE = 8;
  private static final int IHDR = 0x49484452;
  private static final int PLTE = 0x504c5445;
  private static final int IDAT = 0x49444154;
  private static final int IEND = 0x49454e44;
  private static final int EXIF = 0x65584966;
  private static final int ANIMATION = 0x6163544c;
  private static final Set<Integer> PIXELS = Set.of(IHDR, PLTE, IDAT, IEND);

  private PngWalk() {}

  static ImageHeader header(Bytes file) throws PictureRejectedException {
    if (file.u32(SIGNATURE) != 13 || file.u32(SIGNATURE + 4) != IHDR) {
      throw file.length() < SIGNATURE + 25
          ? ImageHeader.cutOff(ImageFormat.PNG, file)
          : ImageHeader.unreadable("PNG picture is corrupt: it does not start with its size");
    }
    Bytes size = file.slice(SIGNATURE + 8, 13);
    int orientation = Orientation.UPRIGHT;
    boolean animated = false;
    boolean data = false;
    Chunk chunk = Chunk.at(file, SIGNATURE);
    for (; chunk.type != IEND; chunk = Chunk.at(file, chunk.end())) {
      data |= chunk.type == IDAT;
      animated |= chunk.type == ANIMATION;
      if (chunk.type == EXIF) {
        orientation = Orientation.ofTiff(chunk.body(file));
      }
    }
    if (!data) {
      throw ImageHeader.unreadable("PNG picture without data");
    }
    return new ImageHeader(
        ImageFormat.PNG,
        side(size.u32(0)),
        side(size.u32(4)),
        channels(size.u8(9)),
        size.u8(8),
        orientation,
        animated,
        -1);
  }

  /**
   * The same pixels without anything else: no profiles or texts that unpack to gigabytes, no
   * transparency (Pillow's conversion to RGB drops it), no frames of an animation.
   */
  static byte[] pixelsOnly(byte[] encoded) throws PictureRejectedException {
    Bytes file = new Bytes(encoded);
    ByteArrayOutputStream out = new ByteArrayOutputStream(encoded.length);
    out.write(encoded, 0, SIGNATURE);
    Chunk chunk = Chunk.at(file, SIGNATURE);
    while (true) {
      if (PIXELS.contains(chunk.type)) {
        out.write(encoded, chunk.start, chunk.end() - chunk.start);
      }
      if (chunk.type == IEND) {
        return out.toByteArray();
      }
      chunk = Chunk.at(file, chunk.end());
    }
  }

  private static int side(long value) {
    return value > Integer.MAX_VALUE ? 0 : (int) value;
  }

  private static int channels(int colorType) throws PictureRejectedException {
    return switch (colorType) {
      case 0 -> 1;
      case 4 -> 2;
      case 2, 3 -> 3;
      case 6 -> 4;
      default -> throw ImageHeader.unreadable("PNG picture is corrupt: colour type %d", colorType);
    };
  }

  /** Length, type, body, checksum. */
  private record Chunk(int start, int type, int length) {
    static Chunk at(Bytes file, int start) throws PictureRejectedException {
      long length = file.u32(start);
      if (start + 12L + length > file.length()) {
        throw ImageHeader.cutOff(ImageFormat.PNG, file);
      }
      return new Chunk(start, (int) file.u32(start + 4L), (int) length);
    }

    int end() {
      return start + 12 + length;
    }

    Bytes body(Bytes file) {
      return file.slice(start + 8L, length);
    }
  }
}
