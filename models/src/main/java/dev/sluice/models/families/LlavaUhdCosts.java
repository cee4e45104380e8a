package dev.sluice.models.families;

import dev.sluice.models.ImageCosts;
import dev.sluice.models.families.parts.LanguageSizes;
import dev.sluice.models.families.parts.PictureCosts;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.vision.VisionConfig;

/** What one picture with all its slices needs. Stateless. */
final class LlavaUhdCosts {
  /** Tiles of odd shapes are a little larger than the square that they are measured by. */
  private static final double SHAPE_MARGIN = 1.1;

  /** Most keys of a resampler window: 3 rows of 4. */
  private static final int WINDOW_KEYS = 12;

  private LlavaUhdCosts() {}

  static ImageCosts of(LlavaUhdConfig config, Dtype dtype) {
    VisionConfig vision = config.vision();
    long tilePixels = (long) (SHAPE_MARGIN * vision.imageSize() * vision.imageSize());
    long patches = tilePixels / ((long) vision.patchSize() * vision.patchSize()) + 1;
    return new PictureCosts(
            new PictureCosts.Tiles(config.maxSlices() + 1, tilePixels),
            PictureCosts.Tower.of(vision),
            resampler(config, patches),
            LanguageSizes.of(config.language())
                .costs(config.maxVisualTokens(), config.longestPrompt()))
        .bytes(dtype);
  }

  /** Elements in the model's type; float32 copies count twice. */
  private static long resampler(LlavaUhdConfig config, long patches) {
    long width = config.language().hiddenSize();
    long pooled =
        config.resamplerKind() == LlavaUhdConfig.ResamplerKind.SPATIAL
            ? (long) config.resampler().queries() * WINDOW_KEYS
            : patches;
    return patches * width * (2 + 2 + 4) + pooled * width * 2 * (2 + 2 + 1);
  }
}
