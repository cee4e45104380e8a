package dev.sluice.models.image;

import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.Size;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
    return resize(source, List.of(target)).get(0);
  }

  /**
   * The picture at other sizes, read once for all of them; the picture itself where the size is the
   * same.
   *
   * @throws IllegalArgumentException if a target has 2 GB or more
   */
  public List<RgbImage> resize(RgbImage source, List<Size> targets) {
    Map<Size, SeparableResize> resizes = new LinkedHashMap<>();
    for (Size target : targets) {
      if (!target.equals(source.size())) {
        resizes.computeIfAbsent(target, size -> to(source.size(), size));
      }
    }
    SeparableResize.run(source, List.copyOf(resizes.values()));
    return targets.stream()
        .map(
            target -> {
              SeparableResize resize = resizes.get(target);
              return resize == null ? source : resize.result();
            })
        .toList();
  }

  private SeparableResize to(Size source, Size target) {
    if (3 * target.pixels() > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "resize of %s: expected a target below 2 GB, found %s".formatted(source, target));
    }
    return new SeparableResize(
        ResizeKernel.of(this, source.width(), target.width()),
        ResizeKernel.of(this, source.height(), target.height()));
  }
}
