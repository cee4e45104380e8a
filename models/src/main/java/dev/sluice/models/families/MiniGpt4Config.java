package dev.sluice.models.families;

import dev.sluice.models.Capability;
import dev.sluice.models.ImageCosts;
import dev.sluice.models.ModelArithmetic;
import dev.sluice.models.families.parts.ArithmeticCount;
import dev.sluice.models.families.parts.EndTokens;
import dev.sluice.models.families.parts.FamilyConfig;
import dev.sluice.models.families.parts.LanguageSizes;
import dev.sluice.models.families.parts.PictureCosts;
import dev.sluice.models.language.LlamaConfig;
import dev.sluice.models.resampler.QFormerConfig;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.Size;
import dev.sluice.models.vision.VisionConfig;
import dev.sluice.models.weights.ModelConfig;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * The configuration of a MiniGPT-4: the reference's keys, the published sizes where it has none.
 * Immutable.
 *
 * @param visionNormEpsilon of the norm behind the tower
 * @param qformer empty where neighbouring patches are joined instead
 */
record MiniGpt4Config(
    VisionConfig vision,
    double visionNormEpsilon,
    Optional<QFormerConfig> qformer,
    LlamaConfig language,
    MiniGpt4Conversation conversation,
    int beginToken,
    Set<Integer> endTokens,
    String revision)
    implements FamilyConfig {

  /** Patches that become one visual token where there is no Q-Former. */
  static final int PATCHES_PER_TOKEN = 4;

  private static final int PUBLISHED_QUERIES = 32;
  private static final int PROMPT_WORDS = 256;
  private static final int ANSWER_TOKENS = 300;

  static MiniGpt4Config of(MiniGpt4Folder folder) {
    ModelConfig config = folder.home().config();
    VisionConfig vision = vision(config);
    LlamaConfig language = LlamaConfig.of(folder.languageConfig());
    return new MiniGpt4Config(
        vision,
        config.atOrEmpty("fixture_vision").doubleOr("ln_vision_eps", 1e-5, 0, 1),
        qformer(config, vision),
        language,
        conversation(config),
        folder.languageConfig().intOr("bos_token_id", 1, 0, language.vocabulary() - 1),
        EndTokens.of(folder.language(), folder.languageConfig(), 2),
        folder.home().name());
  }

  /** EVA-CLIP-g without its last block. */
  static VisionConfig vision(ModelConfig config) {
    ModelConfig own = config.atOrEmpty("fixture_vision");
    int width = own.sizeOr("embed_dim", 1408);
    return new VisionConfig(
        width,
        (int) (width * own.doubleOr("mlp_ratio", 4.3637, 0.01, 1000)),
        own.sizeOr("depth", 39),
        own.sizeOr("num_heads", 16),
        config.sizeOr("image_size", 224),
        own.sizeOr("patch_size", 14),
        own.doubleOr("norm_eps", 1e-6, 0, 1),
        "gelu");
  }

  static boolean hasQFormer(ModelConfig config) {
    boolean usual = conversation(config) == MiniGpt4Conversation.VICUNA_V0;
    return config.booleanOr("has_qformer", usual);
  }

  private static MiniGpt4Conversation conversation(ModelConfig config) {
    return switch (config.stringOr("model_type", "pretrain_vicuna0")) {
      case "pretrain_vicuna", "pretrain_vicuna0" -> MiniGpt4Conversation.VICUNA_V0;
      case "pretrain_llama2" -> MiniGpt4Conversation.LLAMA_2;
      default -> throw config.error("model_type", "pretrain_vicuna0 or pretrain_llama2");
    };
  }

  private static Optional<QFormerConfig> qformer(ModelConfig config, VisionConfig vision) {
    if (hasQFormer(config)) {
      ModelConfig bert = config.atOrEmpty("fixture_bert").orElse(config);
      int queries = config.sizeOr("num_query_token", PUBLISHED_QUERIES);
      return Optional.of(QFormerConfig.ofLavis(config, bert, queries, vision.hiddenSize()));
    }
    if (vision.learnedGrid().patches() % PATCHES_PER_TOKEN != 0) {
      throw config.error("image_size", "a multiple of %d patches".formatted(PATCHES_PER_TOKEN));
    }
    return Optional.empty();
  }

  private int patches() {
    return vision.learnedGrid().patches();
  }

  /** Visual tokens of a picture. */
  int visualTokens() {
    return qformer.map(QFormerConfig::queries).orElseGet(() -> patches() / PATCHES_PER_TOKEN);
  }

  /** What every picture is brought to. */
  Size tile() {
    return new Size(vision.imageSize(), vision.imageSize());
  }

  /** Positions of a prompt and its answer: what the key-value pool is sized for. */
  int longestText() {
    return sizes().longestText(visualTokens() + PROMPT_WORDS, ANSWER_TOKENS);
  }

  private LanguageSizes sizes() {
    return LanguageSizes.of(language);
  }

  /** One of the instructions that the model was tuned with. */
  @Override
  public String captionPrompt() {
    return "Describe this image in detail.";
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
    long normed = (patches() + 1L) * vision.hiddenSize();
    return new PictureCosts(
            new PictureCosts.Tiles(1, tile().pixels()),
            PictureCosts.Tower.of(vision),
            normed + qformer.map(this::qformerElements).orElse(normed),
            sizes().costs(visualTokens(), visualTokens() + PROMPT_WORDS))
        .bytes(dtype);
  }

  @Override
  public ModelArithmetic arithmetic() {
    return new ModelArithmetic(ArithmeticCount.tower(vision), sizes().arithmetic());
  }

  private long qformerElements(QFormerConfig sizes) {
    long keysAndValues = 2L * (patches() + 1) * sizes.hiddenSize();
    return keysAndValues
        + sizes.queries() * (8L * sizes.hiddenSize() + 2L * sizes.intermediateSize());
  }
}
