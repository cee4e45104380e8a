package dev.sluice.jobs.scenes;

/** Writes a picture in a file format; the seam for formats that the JDK cannot write. */
@FunctionalInterface
public interface PictureEncoder {
  /**
   * The file.
   *
   * @param rgb uint8 [height, width, 3]
   * @param quality 1..100, for formats that lose something
   */
  byte[] encode(byte[] rgb, int width, int height, PictureFormat format, int quality);
}
