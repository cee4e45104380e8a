package dev.sluice.models.image;

import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.Size;
import org.jspecify.annotations.Nullable;

/**
 * How a whole picture becomes one tile: resized, then cut to a size around its middle. Immutable.
 *
 * @param crop what is cut out, with black around it where the resized picture is smaller; null to
 *     keep all
 */
public record PictureFitting(PictureResizer resizer, ResizeRule rule, @Nullable Size crop) {

  /**
   * @param target what the rule makes of the picture's own size
   */
  RgbImage fit(RgbImage pixels, Size target) {
    RgbImage resized = resizer.resize(pixels, target);
    return crop == null ? resized : CentreCrop.of(resized, crop);
  }
}
