package dev.sluice.operators.describe;

import dev.sluice.models.image.PictureRejectedException;
import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.SlicePlan;
import dev.sluice.models.value.SlicedPicture;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A picture and its regions, cut as each model wants them; the picture itself is let go. Immutable.
 *
 * @param merging the whole picture for the merge model, null where there is none
 */
record Views(View whole, List<RegionView> regions, @Nullable SlicedPicture merging) {

  /**
   * @param maxRegions of the slices of the caption model's plan
   * @throws PictureRejectedException if a model cannot take the picture or a region
   */
  static Views of(RgbImage picture, Parts parts, int maxRegions) throws PictureRejectedException {
    View whole = View.of(picture, parts.captioner(), parts.matcher());
    List<RegionView> regions = new ArrayList<>();
    for (Box box : Box.of(whole.captioned().plan(), maxRegions)) {
      View view = View.of(box.crop(picture), parts.regionCaptioner(), parts.matcher());
      regions.add(new RegionView(box, view));
    }
    ModelPart merger = parts.merger();
    return new Views(whole, regions, merger == null ? null : merger.slice(picture));
  }

  /** The caption model's plan, whose slices are the regions. */
  SlicePlan plan() {
    return whole.captioned().plan();
  }

  /** Whether the plan has more slices than there are regions. */
  boolean isDegraded() {
    return regions.size() < plan().sliceCount();
  }

  /**
   * A picture or region for the models that look at it. Immutable.
   *
   * @param matched null where nobody scores
   */
  record View(SlicedPicture captioned, @Nullable SlicedPicture matched) {
    static View of(RgbImage picture, ModelPart captioner, @Nullable ModelPart matcher)
        throws PictureRejectedException {
      return new View(captioner.slice(picture), matcher == null ? null : matcher.slice(picture));
    }
  }

  /** A region and where it lies. Immutable. */
  record RegionView(Box box, View view) {}
}
