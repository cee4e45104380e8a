package dev.sluice.operators.describe;

import dev.sluice.operators.DescribeOptions;
import dev.sluice.operators.ModelRef;
import dev.sluice.operators.stage.ImageWork;
import dev.sluice.serde.ImageEvent;
import org.jspecify.annotations.Nullable;

/**
 * The models that work on one picture. Immutable.
 *
 * @param matcher null where captions are not scored
 * @param merger null where they are not merged
 */
record Parts(
    ModelPart captioner,
    ModelPart regionCaptioner,
    @Nullable ModelPart matcher,
    @Nullable ModelPart merger) {

  static Parts of(DescribeOptions.Models models, ImageWork work, ImageEvent event) {
    return new Parts(
        ModelPart.of(models.caption(), work, event),
        ModelPart.of(models.region(), work, event),
        optional(models.match(), work, event),
        optional(models.merge(), work, event));
  }

  private static @Nullable ModelPart optional(
      @Nullable ModelRef model, ImageWork work, ImageEvent event) {
    return model == null ? null : ModelPart.of(model, work, event);
  }
}
