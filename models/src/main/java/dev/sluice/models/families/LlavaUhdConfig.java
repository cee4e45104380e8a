package dev.sluice.models.families;

import dev.sluice.models.Capability;
import dev.sluice.models.ImageCosts;
import dev.sluice.models.ModelArithmetic;
import dev.sluice.models.families.parts.ArithmeticCount;
import dev.sluice.models.families.parts.EndTokens;
import dev.sluice.models.families.parts.FamilyConfig;
import dev.sluice.models.families.parts.LanguageSizes;
import dev.sluice.models.image.AdaptiveGridPlanner;
import dev.sluice.models.image.SlicePlanner;
import dev.sluice.models.language.LlamaConfig;
import dev.sluice.models.resampler.ResamplerConfig;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.vision.VisionConfig;
import dev.sluice.models.weights.ModelConfig;
import dev.sluice.models.weights.ModelDirectory;
import java.util.EnumSet;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A LLaVA-UHD folder's configuration: the published keys, and those of our own small models in an
 * object {@code sluice}. Immutable.
 *
 * @param visionLayers layers of the tower that are run
 * @param preResize what the longer side is brought to before slicing, pixels; 0 for not at all
 * @param maxPromptPositions positions of a prompt that are kept ({@code
 *     tokenizer_model_max_length})
 */
record LlavaUhdConfig(
    VisionConfig vision,
    int visionLayers,
    LlamaConfig language,
    ResamplerConfig resampler,
    ResamplerKind resamplerKind,
    int maxSlices,
    int preResize,
    Conversation conversation,
    SpecialTokens tokens,
    int maxPromptPositions,
    String captionPrompt,
    String revision)
    implements FamilyConfig {

  private static final String PUBLISHED_CAPTION_PROMPT = "Describe the image in detail.";
  private static final int PUBLISHED_MAX_SLICES = 7;
  private static final int PUBLISHED_PRE_RESIZE = 1024;
  private static final int PUBLISHED_MAX_PROMPT = 2048;
  private static final int PROMPT_WORDS = 128;
  private static final int ANSWER_TOKENS = 256;
  private static final int PERCEIVER_QUERIES = 64;
  private static final int PERCEIVER_HEADS = 8;
  private static final int SPATIAL_QUERIES = 144;
  private static final int SPATIAL_HEAD_SIZE = 128;

  /** The two published resamplers. */
  enum ResamplerKind {
    SPATIAL,
    PERCEIVER
  }

  /** What stands around the user's words. */
  enum Conversation {
    /** Vicuna 1 (llava/conversation.py). */
    VICUNA_V1,
    /** Picture, then the words, nothing else. */
    PLAIN
  }

  /**
   * Ids with a meaning of their own. Immutable.
   *
   * @param comma after a slice within a row
   * @param newline after the last slice of a row
   */
  record SpecialTokens(int begin, Set<Integer> end, int comma, int newline) {
    private static final int VICUNA_COMMA = 29892;
    private static final int VICUNA_NEWLINE = 13;
  }

  /**
   * @param queries rows of the checkpoint's {@code query}, or 0 where it is not at hand
   */
  static LlavaUhdConfig of(ModelDirectory directory, int queries) {
    ModelConfig config = directory.config();
    ModelConfig own = config.atOrEmpty("sluice");
    VisionConfig vision = vision(directory);
    LlamaConfig language = LlamaConfig.of(config);
    ResamplerKind kind = resamplerKind(config, queries);
    return new LlavaUhdConfig(
        vision,
        vision.layersFor(config.intOr("mm_vision_select_layer", -2, -1000, 1000)),
        language,
        resampler(config, kind, queries, vision, language),
        kind,
        own.sizeOr("max_slices", PUBLISHED_MAX_SLICES),
        own.intOr("pre_resize", PUBLISHED_PRE_RESIZE, 0, 1 << 16),
        conversation(own),
        tokens(directory, config, own),
        config.sizeOr("tokenizer_model_max_length", PUBLISHED_MAX_PROMPT),
        own.stringOr("caption_prompt", PUBLISHED_CAPTION_PROMPT),
        own.stringOr("version", directory.name()));
  }

  /** The published folder does not say: the CLIP folder that it names does. */
  private static VisionConfig vision(ModelDirectory directory) {
    ModelConfig config = directory.config();
    return VisionConfig.of(
        config
            .find("vision_config")
            .or(() -> config.find("fixture_vision_config"))
            .orElseGet(() -> VisionTowerWeights.config(directory)));
  }

  private static ResamplerKind resamplerKind(ModelConfig config, int queries) {
    String type = config.stringOr("mm_projector_type", "");
    if (type.contains("spatial")) {
      return ResamplerKind.SPATIAL;
    }
    return type.contains("resampler") || queries == PERCEIVER_QUERIES
        ? ResamplerKind.PERCEIVER
        : ResamplerKind.SPATIAL;
  }

  private static ResamplerConfig resampler(
      ModelConfig config,
      ResamplerKind kind,
      int storedQueries,
      VisionConfig vision,
      LlamaConfig language) {
    int published = kind == ResamplerKind.SPATIAL ? SPATIAL_QUERIES : PERCEIVER_QUERIES;
    int queries = storedQueries == 0 ? published : storedQueries;
    int width = language.hiddenSize();
    int heads =
        kind == ResamplerKind.SPATIAL ? Math.max(1, width / SPATIAL_HEAD_SIZE) : PERCEIVER_HEADS;
    int side = (int) Math.round(Math.sqrt(queries));
    if (side * side != queries) {
      throw config.error("mm_projector_type", "a resampler with q * q queries, not " + queries);
    }
    return new ResamplerConfig(
        config.sizeOr("mm_hidden_size", vision.hiddenSize()), width, heads, side);
  }

  private static Conversation conversation(ModelConfig own) {
    String name = own.stringOr("conversation", "vicuna_v1");
    return switch (name) {
      case "vicuna_v1" -> Conversation.VICUNA_V1;
      case "plain" -> Conversation.PLAIN;
      default -> throw own.error("conversation", "vicuna_v1 or plain");
    };
  }

  private static SpecialTokens tokens(
      ModelDirectory directory, ModelConfig config, ModelConfig own) {
    int last = config.sizeOr("vocab_size", 1 << 20) - 1;
    int comma = config.intOr("fixture_comma_token_id", SpecialTokens.VICUNA_COMMA, 0, last);
    int newline = config.intOr("fixture_newline_token_id", SpecialTokens.VICUNA_NEWLINE, 0, last);
    return new SpecialTokens(
        config.intOr("bos_token_id", 1, 0, last),
        EndTokens.of(directory, config, 2),
        own.intOr("comma_token_id", comma, 0, last),
        own.intOr("newline_token_id", newline, 0, last));
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
    return LlavaUhdCosts.of(this, dtype);
  }

  @Override
  public ModelArithmetic arithmetic() {
    return new ModelArithmetic(
        ArithmeticCount.tower(vision, 1, visionLayers), LanguageSizes.of(language).arithmetic());
  }

  /**
   * @param override in place of the folder's own pre-resize
   */
  SlicePlanner planner(OptionalInt override) {
    return new AdaptiveGridPlanner(
        vision.imageSize(),
        vision.patchSize(),
        maxSlices,
        AdaptiveGridPlanner.Rounding.FLOOR,
        override.orElse(preResize));
  }

  /** Visual tokens of a picture with all its slices. */
  int maxVisualTokens() {
    return resampler.queries() * (maxSlices + 1);
  }

  /** Positions of a prompt with all slices and some words. */
  int longestPrompt() {
    return Math.min(maxVisualTokens() + maxSlices + PROMPT_WORDS, maxPromptPositions);
  }

  /** Positions of such a prompt and its answer: what the key-value pool is sized for. */
  int longestText() {
    return Math.min(longestPrompt() + ANSWER_TOKENS, language.maxPositions());
  }
}
