package dev.sluice.models.families;

import dev.sluice.models.Capability;
import dev.sluice.models.ImageCosts;
import dev.sluice.models.ModelArithmetic;
import dev.sluice.models.families.parts.ArithmeticCount;
import dev.sluice.models.families.parts.EndTokens;
import dev.sluice.models.families.parts.FamilyConfig;
import dev.sluice.models.families.parts.ImageProcessorConfig;
import dev.sluice.models.families.parts.LanguageSizes;
import dev.sluice.models.families.parts.PictureCosts;
import dev.sluice.models.language.LlamaConfig;
import dev.sluice.models.layers.Activation;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.vision.VisionConfig;
import dev.sluice.models.weights.ModelConfig;
import dev.sluice.models.weights.ModelDirectory;
import java.util.EnumSet;
import java.util.Set;

/**
 * A LLaVA-1.5 folder's configuration; missing keys take the defaults of transformers' classes.
 * Immutable.
 *
 * @param visionLayers layers of the tower that the projector sees
 * @param imageToken stands for one visual token among the ids
 */
record LlavaConfig(
    ImageProcessorConfig processor,
    VisionConfig vision,
    int visionLayers,
    LlamaConfig language,
    Activation projectorActivation,
    boolean projectorBias,
    int imageToken,
    Set<Integer> endTokens,
    String revision)
    implements FamilyConfig {

  private static final int PUBLISHED_IMAGE_TOKEN = 32000;
  private static final int PUBLISHED_END_TOKEN = 2;
  private static final int PROMPT_WORDS = 256;
  private static final int ANSWER_TOKENS = 256;
  private static final Set<String> LLAMA_KIN = Set.of("llama", "mistral");

  static LlavaConfig of(ModelDirectory directory) {
    ModelConfig config = directory.config();
    ModelConfig text = config.atOrEmpty("text_config");
    if (!LLAMA_KIN.contains(text.stringOr("model_type", "llama"))) {
      throw text.error("model_type", "one of " + LLAMA_KIN);
    }
    if (!config.stringOr("vision_feature_select_strategy", "default").equals("default")) {
      throw config.error("vision_feature_select_strategy", "default");
    }
    VisionConfig vision =
        config
            .find("vision_config")
            .map(found -> VisionConfig.of(found, VisionConfig.CLIP_B_32))
            .orElse(VisionConfig.CLIP_L_14_336);
    LlamaConfig language = LlamaConfig.of(text);
    ImageProcessorConfig processor = ImageProcessorConfig.of(directory, "CLIPImageProcessor");
    processor.requireSquare(vision.imageSize());
    return new LlavaConfig(
        processor,
        vision,
        vision.layersFor(config.intOr("vision_feature_layer", -2, -1000, 1000)),
        language.withTied(language.tied() || config.booleanOr("tie_word_embeddings", false)),
        Activation.of(config.stringOr("projector_hidden_act", "gelu")),
        config.booleanOr("multimodal_projector_bias", true),
        config.intOr(
            "image_token_index",
            config.intOr("image_token_id", PUBLISHED_IMAGE_TOKEN, 0, Integer.MAX_VALUE),
            0,
            Integer.MAX_VALUE),
        EndTokens.of(directory, text, PUBLISHED_END_TOKEN),
        directory.name());
  }

  /** Visual tokens of a picture: the tower's patches. */
  int visualTokens() {
    return vision.learnedGrid().patches();
  }

  int longestText() {
    return Math.min(visualTokens() + PROMPT_WORDS + ANSWER_TOKENS, language.maxPositions());
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.allOf(Capability.class);
  }

  @Override
  public long kvBytesPerToken(Dtype dtype) {
    return language.kvShape().bytesPerPosition(dtype.bytes());
  }

  @Override
  public ImageCosts costs(Dtype dtype) {
    long pixels = (long) vision.imageSize() * vision.imageSize();
    long projector = 2L * visualTokens() * language.hiddenSize();
    return new PictureCosts(
            new PictureCosts.Tiles(1, pixels),
            PictureCosts.Tower.of(vision),
            projector,
            LanguageSizes.of(language).costs(visualTokens(), visualTokens() + PROMPT_WORDS))
        .bytes(dtype);
  }

  @Override
  public ModelArithmetic arithmetic() {
    return new ModelArithmetic(
        ArithmeticCount.tower(vision, 1, visionLayers), LanguageSizes.of(language).arithmetic());
  }
}
