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
import dev.sluice.models.families.parts.PrefixedPrompts;
import dev.sluice.models.resampler.QFormerConfig;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.vision.VisionConfig;
import dev.sluice.models.weights.ModelConfig;
import dev.sluice.models.weights.ModelDirectory;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The configuration of BLIP-2 and of InstructBLIP; missing keys take the defaults of transformers'
 * classes. Immutable.
 *
 * @param language sizes of the language model
 * @param picture what stands for the picture in a prompt
 */
record Blip2Config(
    ImageProcessorConfig processor,
    VisionConfig vision,
    QFormerConfig qformer,
    LanguageSizes language,
    PrefixedPrompts.Picture picture,
    int beginToken,
    Set<Integer> endTokens,
    String revision)
    implements FamilyConfig {

  private static final int PUBLISHED_QUERIES = 32;
  private static final int PROMPT_WORDS = 256;
  private static final int ANSWER_TOKENS = 256;

  /** The language model's own configuration. */
  static ModelConfig textConfig(ModelDirectory directory) {
    return directory.config().atOrEmpty("text_config");
  }

  /**
   * @param language sizes of the language model in {@code text_config}
   * @param beginToken the default of its class
   */
  static Blip2Config of(ModelDirectory directory, LanguageSizes language, int beginToken) {
    ModelConfig config = directory.config();
    if (!config.booleanOr("use_decoder_only_language_model", true)) {
      throw config.error("use_decoder_only_language_model", "true (T5 is not supported)");
    }
    ModelConfig text = textConfig(directory);
    VisionConfig vision =
        VisionConfig.of(config.atOrEmpty("vision_config"), VisionConfig.BLIP_2_G_14);
    int queries = config.sizeOr("num_query_tokens", PUBLISHED_QUERIES);
    ImageProcessorConfig processor = ImageProcessorConfig.of(directory, "BlipImageProcessor");
    processor.requireSquare(vision.imageSize());
    int last = language.vocabulary() - 1;
    return new Blip2Config(
        processor,
        vision,
        QFormerConfig.of(config.atOrEmpty("qformer_config"), queries, vision.hiddenSize()),
        language,
        new PrefixedPrompts.Picture(queries, mark(config, last)),
        text.intOr("bos_token_id", beginToken, 0, last),
        EndTokens.of(directory, text, 2),
        directory.name());
  }

  private static OptionalInt mark(ModelConfig config, int last) {
    for (String key : List.of("image_token_index", "image_token_id")) {
      if (config.has(key)) {
        return OptionalInt.of(config.intAt(key, 0, last));
      }
    }
    return OptionalInt.empty();
  }

  /** The tower's rows of a picture: its class token and patches. */
  int towerRows() {
    return 1 + vision.learnedGrid().patches();
  }

  int longestText() {
    return language.longestText(picture.tokens() + PROMPT_WORDS, ANSWER_TOKENS);
  }

  /** Nothing: a caption from its first word on. */
  @Override
  public String captionPrompt() {
    return "";
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
    long keysAndValues = 2L * towerRows() * qformer.hiddenSize();
    long rows = picture.tokens() + (long) PROMPT_WORDS;
    long queries = rows * (8L * qformer.hiddenSize() + 2L * qformer.intermediateSize());
    return new PictureCosts(
            new PictureCosts.Tiles(1, (long) vision.imageSize() * vision.imageSize()),
            PictureCosts.Tower.of(vision),
            keysAndValues + queries,
            language.costs(picture.tokens(), picture.tokens() + PROMPT_WORDS))
        .bytes(dtype);
  }

  @Override
  public ModelArithmetic arithmetic() {
    return new ModelArithmetic(ArithmeticCount.tower(vision), language.arithmetic());
  }
}
