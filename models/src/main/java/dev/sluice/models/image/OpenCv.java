package dev.sluice.models.image;

import dev.sluice.models.natives.NativeLibraries;
import dev.sluice.models.value.RgbImage;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.jspecify.annotations.Nullable;

/**
 * The border to OpenCV's decoders and encoders: Java arrays in, Java arrays out, every native
 * buffer closed before a call returns. Thread-safe.
 */
final class OpenCv {
  /** One picture, one thread: the decoding pool is what runs pictures side by side. */
  private static final int THREADS = 1;

  static {
    NativeLibraries.load(
        () -> {
          opencv_core.setNumThreads(THREADS);
          Loader.load(opencv_imgcodecs.class);
        });
  }

  private OpenCv() {}

  /** Decodes to 8-bit RGB as stored; null where OpenCV cannot. */
  static @Nullable RgbImage decodeRgb(byte[] encoded) {
    return decodeRgb(encoded, 1);
  }

  /**
   * Decodes a JPEG with its sides divided, rounded up.
   *
   * @param reduction 1, 2, 4 or 8
   */
  static @Nullable RgbImage decodeRgb(byte[] encoded, int reduction) {
    int flags =
        opencv_imgcodecs.IMREAD_COLOR_RGB
            | opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION
            | reducing(reduction);
    try (BytePointer file = new BytePointer(encoded);
        Mat input = new Mat(1, encoded.length, opencv_core.CV_8UC1, file);
        Mat picture = opencv_imgcodecs.imdecode(input, flags)) {
      if (picture.empty() || picture.type() != opencv_core.CV_8UC3) {
        return null;
      }
      return new RgbImage(picture.cols(), picture.rows(), bytes(picture));
    }
  }

  private static int reducing(int reduction) {
    return switch (reduction) {
      case 1 -> 0;
      case 2 -> opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_2; // the flag of the scale alone
      case 4 -> opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_4;
      case 8 -> opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_8;
      default ->
          throw new IllegalArgumentException(
              "reduction: expected 1, 2, 4 or 8, found " + reduction);
    };
  }

  /**
   * @param bgr uint8 [height, width, 3] in OpenCV's order
   * @param extension the format as a file ending, {@code .png}
   * @param parameters pairs of {@code IMWRITE_} flag and value
   */
  static byte[] encode(int width, int height, byte[] bgr, String extension, int... parameters) {
    try (BytePointer pixels = new BytePointer(bgr);
        Mat picture = new Mat(height, width, opencv_core.CV_8UC3, pixels);
        BytePointer out = new BytePointer();
        IntPointer flags = new IntPointer(parameters)) {
      if (!opencv_imgcodecs.imencode(extension, picture, out, flags)) {
        throw new IllegalStateException(
            "picture of %dx%d: OpenCV could not write it as %s"
                .formatted(width, height, extension));
      }
      byte[] encoded = new byte[Math.toIntExact(out.limit())];
      out.get(encoded);
      return encoded;
    }
  }

  private static byte[] bytes(Mat picture) {
    if (!picture.isContinuous()) {
      throw new IllegalStateException("OpenCV's decoder answered with rows that are apart");
    }
    byte[] bytes = new byte[Math.multiplyExact(picture.rows() * 3, picture.cols())];
    try (BytePointer data = picture.data()) {
      data.capacity(bytes.length).get(bytes);
    }
    return bytes;
  }
}
