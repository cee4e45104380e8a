package dev.sluice.models.image;

import dev.sluice.models.value.Size;

/** How much of a JPEG is decoded where less than its full size is needed. Stateless. */
public enum PictureDetail {
  /** All of it: the pixels are the reference's. */
  EXACT {
    @Override
    int reduction(Size source, Size needed) {
      return 1;
    }
  },
  /**
   * As little as still covers what is needed, by the decoder's own scaling to a half, a quarter or
   * an eighth: several times faster, near to the reference's pixels (docs/decisions/0027).
   */
  SCALED {
    @Override
    int reduction(Size source, Size needed) {
      int reduction = LARGEST;
      while (reduction > 1
          && (source.width() / reduction < needed.width()
              || source.height() / reduction < needed.height())) {
        reduction /= 2;
      }
      return reduction;
    }
  };

  private static final int LARGEST = 8;

  /** What the sides are divided by: 1, 2, 4 or 8. */
  abstract int reduction(Size source, Size needed);
}
