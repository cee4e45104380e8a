package dev.sluice.models.vision;

import dev.sluice.models.layers.Activation;
import dev.sluice.models.layers.EncoderLayer;
import dev.sluice.models.layers.PatchGrid;
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

  /** What transformers' {@code CLIPVisionConfig} is without keys. */
  public static final VisionConfig CLIP_B_32 =
      new VisionConfig(768, 3072, 12, 12, 224, 32, 1e-5, "quick_gelu");

  /** What transformers' {@code SiglipVisionConfig} is without keys. */
  public static final VisionConfig SIGLIP_B_16 =
      new VisionConfig(768, 3072, 12, 12, 224, 16, 1e-6, "gelu_pytorch_tanh");

  /** What transformers' {@code BlipVisionConfig} is without keys. */
  public static final VisionConfig BLIP_B_16 =
      new VisionConfig(768, 3072, 12, 12, 384, 16, 1e-5, "gelu");

  /** What transformers' {@code Blip2VisionConfig} and {@code InstructBlipVisionConfig} are. */
  public static final VisionConfig BLIP_2_G_14 =
      new VisionConfig(1408, 6144, 39, 16, 224, 14, 1e-6, "gelu");

  /** What transformers' {@code ViltConfig} is without keys. */
  public static final VisionConfig VILT_B_32 =
      new VisionConfig(768, 3072, 12, 12, 384, 32, 1e-12, "gelu");

  /** Reads a {@code vision_config}; a key that is missing keeps the value of CLIP ViT-L/14-336. */
  public static VisionConfig of(ModelConfig config) {
    return of(config, CLIP_L_14_336);
  }

  /** Reads a {@code vision_config}; a key that is missing keeps the default. */
  public static VisionConfig of(ModelConfig config, VisionConfig published) {
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

  EncoderLayer.Sizes layerSizes() {
    return new EncoderLayer.Sizes(
        hiddenSize, heads, intermediateSize, layerNormEpsilon, Activation.of(activation));
  }

  /** The grid that the position table was learned on. */
  public PatchGrid learnedGrid() {
    return new PatchGrid(imageSize / patchSize, imageSize / patchSize);
  }

  /** P of the grid that the position table was learned on. */
  int patches() {
    return learnedGrid().patches();
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
