package dev.sluice.models.vision;

import dev.sluice.models.weights.ModelConfig;

/**
 * Sizes of a CLIP-type vision transformer. Immutable.
 *
 * @param imageSize side of the square that the position table was learned on, pixels
 * @param patchSize side of a patch, pixels
 */
public record VisionConfig(
    int hiddenSize,
    int intermediateSize,
    int layers,
    int heads,
    int imageSize,
    int patchSize,
    double layerNormEpsilon,
    String activation) {

  /** CLIP ViT-L/14 at 336 pixels, as published. */
  public static final VisionConfig CLIP_L_14_336 =
      new VisionConfig(1024, 4096, 24, 16, 336, 14, 1e-5, "quick_gelu");

  /** Reads a {@code vision_config}; a key that is missing keeps the value of CLIP ViT-L/14-336. */
  public static VisionConfig of(ModelConfig config) {
    VisionConfig published = CLIP_L_14_336;
    return new VisionConfig(
        config.sizeOr("hidden_size", published.hiddenSize),
        config.sizeOr("intermediate_size", published.intermediateSize),
        config.sizeOr("num_hidden_layers", published.layers),
        config.sizeOr("num_attention_heads", published.heads),
        config.sizeOr("image_size", published.imageSize),
        config.sizeOr("patch_size", published.patchSize),
        config.doubleOr("layer_norm_eps", published.layerNormEpsilon, 0, 1),
        config.stringOr("hidden_act", published.activation));
  }

  /** Patches along one side of the learned position table. */
  public int gridSide() {
    return imageSize / patchSize;
  }

  /** Layers to run for {@code mm_vision_select_layer}: -1 all, -2 all but the last. */
  public int layersFor(int selectLayer) {
    int run = selectLayer < 0 ? layers + 1 + selectLayer : selectLayer;
    if (run < 0 || run > layers) {
      throw new IllegalArgumentException(
          "mm_vision_select_layer: expected -%d to %d, found %d"
              .formatted(layers + 1, layers, selectLayer));
    }
    return run;
  }
}
