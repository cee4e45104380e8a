package dev.sluice.models.families;

import dev.sluice.models.Capability;
import dev.sluice.models.ImageCosts;
import dev.sluice.models.ModelArithmetic;
import dev.sluice.models.families.parts.ArithmeticCount;
import dev.sluice.models.families.parts.FamilyConfig;
import dev.sluice.models.families.parts.ImageProcessorConfig;
import dev.sluice.models.families.parts.PictureCosts;
import dev.sluice.models.families.parts.TextTower;
import dev.sluice.models.language.TextEncoderConfig;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.vision.VisionConfig;
import dev.sluice.models.weights.ModelConfig;
import dev.sluice.models.weights.ModelDirectory;
import java.util.Set;

/**
 * The configuration of a folder that compares pictures with texts; missing keys take the defaults
 * of transformers' classes. Immutable.
 *
 * @param classTokens rows before a picture's patches
 * @param reader how a text is padded and pooled
 * @param features E, of a picture and of a text
 */
record ContrastiveConfig(
    ImageProcessorConfig processor,
    VisionConfig vision,
    int classTokens,
    TextEncoderConfig text,
    TextTower.Reader reader,
    int features,
    String revision)
    implements FamilyConfig {

  private static final int CLIP_FEATURES = 512;
  private static final int CLIP_END_TOKEN = 49407;
  private static final int SIGLIP_PAD_TOKEN = 1;

  static ContrastiveConfig clip(ModelDirectory directory) {
    ModelConfig config = directory.config();
    ModelConfig text = config.atOrEmpty("text_config").orElse(config.atOrEmpty("text_config_dict"));
    ModelConfig vision =
        config.atOrEmpty("vision_config").orElse(config.atOrEmpty("vision_config_dict"));
    int end = text.intOr("eos_token_id", CLIP_END_TOKEN, 0, Integer.MAX_VALUE);
    return new ContrastiveConfig(
            ImageProcessorConfig.of(directory, "CLIPImageProcessor"),
            VisionConfig.of(vision, VisionConfig.CLIP_B_32),
            1,
            TextEncoderConfig.of(text, TextEncoderConfig.CLIP),
            TextTower.Reader.clip(end),
            config.sizeOr("projection_dim", CLIP_FEATURES),
            directory.name())
        .checked();
  }

  static ContrastiveConfig siglip(ModelDirectory directory) {
    ModelConfig config = directory.config();
    ModelConfig keys = config.atOrEmpty("text_config");
    TextEncoderConfig text = TextEncoderConfig.of(keys, TextEncoderConfig.SIGLIP);
    int pad = keys.intOr("pad_token_id", SIGLIP_PAD_TOKEN, 0, text.vocabulary() - 1);
    VisionConfig vision =
        VisionConfig.of(config.atOrEmpty("vision_config"), VisionConfig.SIGLIP_B_16);
    return new ContrastiveConfig(
            ImageProcessorConfig.of(directory, "SiglipImageProcessor"),
            vision,
            0,
            text,
            TextTower.Reader.siglip(pad, text.maxPositions()),
            vision.hiddenSize(),
            directory.name())
        .checked();
  }

  private ContrastiveConfig checked() {
    processor.requireSquare(vision.imageSize());
    return this;
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.SCORE);
  }

  @Override
  public long kvBytesPerToken(Dtype dtype) {
    return 0;
  }

  @Override
  public ImageCosts costs(Dtype dtype) {
    long pixels = (long) vision.imageSize() * vision.imageSize();
    long head = 4L * vision.hiddenSize() * vision.learnedGrid().patches();
    return new PictureCosts(
            new PictureCosts.Tiles(1, pixels),
            PictureCosts.Tower.of(vision),
            head,
            TextTower.costs(text, features))
        .bytes(dtype);
  }

  @Override
  public ModelArithmetic arithmetic() {
    return new ModelArithmetic(
        ArithmeticCount.tower(vision, classTokens, vision.layers()), ModelArithmetic.Text.NONE);
  }
}
