package dev.sluice.models.image;

import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.Size;

/**
 * Resizes 8-bit RGB to the bit as Pillow or as torch does. Immutable.
 *
 * <p>The published models were trained and measured on these pixels, and one level of one pixel
 * shows in a golden activation, so every bit counts here (docs/decisions/0003).
 */
public record PictureResizer(ResizeFilter filter, Arithmetic arithmetic) {
  /** What the original repositories of slicing models call. */
  public static final PictureResizer PILLOW_BICUBIC =
      new PictureResizer(ResizeFilter.BICUBIC, Arithmetic.PILLOW);

  /** How exact the weights are that levels are multiplied with. */
  public enum Arithmetic {
    /** 22 fraction bits: Pillow's {@code libImaging/Resample.c}. */
    PILLOW {
      @Override
      int fractionBits(double largestWeight) {
        return MAX_FRACTION_BITS;
      }
    },
    /**
     * As many as leave the largest weight within 16 bits: torch's uint8 kernels ({@code
     * _compute_index_ranges_int16_weights} of ATen's {@code UpSampleKernel.cpp}), which Hugging
     * Face's default image processors run on.
     */
    TORCH {
      @Override
      int fractionBits(double largestWeight) {
        int bits = 0;
        while (bits < MAX_FRACTION_BITS
            && (int) (0.5 + largestWeight * (1 << (bits + 1))) < 1 << 15) {
          bits++;
        }
        return bits;
      }
    };

    private static final int MAX_FRACTION_BITS = 22;

    /** Fraction bits of a pass whose largest weight is this. */
    abstract int fractionBits(double largestWeight);
  }

  /**
   * The picture at another size; the picture itself where the size is the same.
   *
   * @throws IllegalArgumentException if the target has 2 GB or more
   */
  public RgbImage resize(RgbImage source, Size target) {
    if (source.size().equals(target)) {
      return source;
    }
    if (3 * target.pixels() > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "resize of %s: expected a target below 2 GB, found %s".formatted(source.size(), target));
    }
    ResizeKernel across = ResizeKernel.of(this, source.width(), target.width());
    ResizeKernel down = ResizeKernel.of(this, source.height(), target.height());
    return new SeparableResize(source, across, down).run();
  }
}
