package dev.sluice.models.image;

import dev.sluice.models.value.RgbImage;

/**
 * Whether a picture is turned as its EXIF orientation says, and the turning itself. Stateless.
 *
 * <p>Hugging Face's loaders turn what they open from a path or an address; the original code of
 * LLaVA-UHD, MiniCPM-V and Monkey does not.
 */
public enum Orientation {
  /** Turn the picture upright. */
  APPLY,
  /** Take the pixels as they are stored. */
  IGNORE;

  static final int UPRIGHT = 1;
  private static final int TAG = 0x0112;
  private static final int SHORT = 3;

  /** Whether a JPEG's APP1 segment, or a WebP's EXIF chunk, starts as EXIF does. */
  static boolean isExif(Bytes segment) {
    return segment.startsWith(0, 'E', 'x', 'i', 'f', 0, 0);
  }

  static int ofExif(Bytes segment) {
    return ofTiff(segment.slice(6, segment.length()));
  }

  /** The orientation in the first directory of a TIFF structure; upright if there is none. */
  static int ofTiff(Bytes tiff) {
    boolean little = tiff.startsWith(0, 'I', 'I', 42, 0);
    if (!little && !tiff.startsWith(0, 'M', 'M', 0, 42)) {
      return UPRIGHT;
    }
    long directory = little ? tiff.u32LittleEndian(4) : tiff.u32(4);
    int entries = u16(tiff, directory, little);
    for (int i = 0; i < entries; i++) {
      long entry = directory + 2 + 12L * i;
      if (u16(tiff, entry, little) == TAG && u16(tiff, entry + 2, little) == SHORT) {
        int value = u16(tiff, entry + 8, little);
        return value >= 1 && value <= 8 ? value : UPRIGHT;
      }
    }
    return UPRIGHT;
  }

  private static int u16(Bytes tiff, long at, boolean little) {
    return little ? tiff.u16LittleEndian(at) : tiff.u16(at);
  }

  static boolean swapsSides(int orientation) {
    return orientation >= 5;
  }

  /** The stored picture turned upright. */
  static RgbImage upright(RgbImage stored, int orientation) {
    if (orientation == UPRIGHT) {
      return stored;
    }
    boolean swap = swapsSides(orientation);
    int width = swap ? stored.height() : stored.width();
    int height = swap ? stored.width() : stored.height();
    byte[] from = stored.rgb();
    byte[] to = new byte[from.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int source = 3 * storedIndex(stored, orientation, x, y);
        int target = 3 * (y * width + x);
        to[target] = from[source];
        to[target + 1] = from[source + 1];
        to[target + 2] = from[source + 2];
      }
    }
    return new RgbImage(width, height, to);
  }

  /** Where the pixel that belongs at (x, y) of the upright picture is stored. */
  private static int storedIndex(RgbImage stored, int orientation, int x, int y) {
    int right = stored.width() - 1;
    int bottom = stored.height() - 1;
    int column =
        switch (orientation) {
          case 2, 3 -> right - x;
          case 4 -> x;
          case 5, 6 -> y;
          default -> right - y;
        };
    int row =
        switch (orientation) {
          case 2 -> y;
          case 3, 4 -> bottom - y;
          case 5, 8 -> x;
          default -> bottom - x;
        };
    return row * stored.width() + column;
  }
}
