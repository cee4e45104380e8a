package dev.sluice.models.families;

import dev.sluice.models.ImageCosts;
import dev.sluice.models.language.LlamaConfig;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.vision.VisionConfig;

/**
 * What one picture with all its slices needs, by counting the tensors that are alive together.
 * Stateless.
 *
 * <p>A layer's temporaries live until the layer ends, so the peak is one layer's, not the tower's.
 */
final class LlavaUhdCosts {
  /** Tiles of odd shapes are a little larger than the square that they are measured by. */
  private static final double SHAPE_MARGIN = 1.1;

  private static final int CHANNELS = 3;
  private static final int FLOAT_BYTES = 4;

  /** Most keys of a resampler window: 3 rows of 4. */
  private static final int WINDOW_KEYS = 12;

  private LlavaUhdCosts() {}

  static ImageCosts of(LlavaUhdConfig config, Dtype dtype) {
    VisionConfig vision = config.vision();
    long tiles = config.maxSlices() + 1L;
    long tilePixels = (long) (SHAPE_MARGIN * vision.imageSize() * vision.imageSize());
    long patches = tilePixels / ((long) vision.patchSize() * vision.patchSize()) + 1;
    long tilesBytes = tiles * tilePixels * CHANNELS;
    long pixelBytes = tilePixels * CHANNELS * (1 + FLOAT_BYTES + 2L * dtype.bytes());
    long towerBytes = (patches + 1) * (10L * vision.hiddenSize() + 2L * vision.intermediateSize());
    long encodeBytes =
        tiles * (pixelBytes + (towerBytes + resampler(config, patches)) * dtype.bytes());
    long tokensBytes =
        (long) config.maxVisualTokens() * config.language().hiddenSize() * dtype.bytes();
    return new ImageCosts(tilesBytes, encodeBytes, tokensBytes, prefill(config, dtype));
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

  private static long prefill(LlavaUhdConfig config, Dtype dtype) {
    LlamaConfig language = config.language();
    long positions = config.longestPrompt();
    long attention =
        2L * language.headLayout().queryWidth() + 4L * language.headLayout().keyWidth();
    long row = 6L * language.hiddenSize() + 2 * attention + 3L * language.intermediateSize();
    long logits = 3L * language.vocabulary() * FLOAT_BYTES;
    return positions * row * dtype.bytes() + logits;
  }
}
