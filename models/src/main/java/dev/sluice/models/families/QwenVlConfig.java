package dev.sluice.models.families;

import dev.sluice.models.Capability;
import dev.sluice.models.ImageCosts;
import dev.sluice.models.ModelArithmetic;
import dev.sluice.models.families.parts.ArithmeticCount;
import dev.sluice.models.families.parts.EndTokens;
import dev.sluice.models.families.parts.FamilyConfig;
import dev.sluice.models.families.parts.LanguageSizes;
import dev.sluice.models.families.parts.PictureCosts;
import dev.sluice.models.image.SlicePlanner;
import dev.sluice.models.image.WindowPlanner;
import dev.sluice.models.language.QwenConfig;
import dev.sluice.models.layers.PatchGrid;
import dev.sluice.models.resampler.ResamplerConfig;
import dev.sluice.models.tokenizer.ImageSpans;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.Size;
import dev.sluice.models.value.SlicePlan;
import dev.sluice.models.vision.VisionConfig;
import dev.sluice.models.weights.ModelConfig;
import dev.sluice.models.weights.ModelDirectory;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The configuration of a Qwen-VL or Monkey folder. Immutable.
 *
 * @param windows rows and columns of the windows; none of either where a picture is its overview
 *     alone
 * @param imageStart the token before a picture; the next two ids are the one behind it and the pad
 * @param end tokens that end a text
 */
record QwenVlConfig(
    VisionConfig vision,
    PatchGrid windows,
    ResamplerConfig resampler,
    QwenConfig language,
    QwenVlTemplate template,
    int imageStart,
    Set<Integer> end,
    String revision)
    implements FamilyConfig {

  /** Side of a window, and of an overview, pixels. */
  private static final int TILE = 448;

  private static final int LEARNED_GRID = 16;
  private static final double EPSILON = 1e-6;
  private static final int RESAMPLER_HEAD_SIZE = 128;
  private static final int IMAGE_START = 151857;
  private static final int END_OF_TEXT = 151643;
  private static final Set<Integer> END_OF_TURN = Set.of(151644, 151645);
  private static final int PROMPT_WORDS = 128;
  private static final int ANSWER_TOKENS = 256;

  /**
   * @param windowed Monkey: pictures have windows
   * @param queries rows of the checkpoint's {@code query}
   */
  static QwenVlConfig of(ModelDirectory directory, boolean windowed, int queries) {
    ModelConfig config = directory.config();
    ModelConfig visual = config.at("visual");
    QwenConfig language = QwenConfig.of(config);
    VisionConfig vision = vision(visual);
    QwenVlTemplate template =
        windowed
            ? QwenVlTemplate.MONKEY
            : QwenVlTemplate.of(directory.generationConfig().stringOr("chat_format", "raw"));
    return new QwenVlConfig(
        vision,
        windows(visual, windowed),
        resampler(visual, vision, language, queries),
        language,
        template,
        visual.intOr("image_start_id", IMAGE_START, 0, language.vocabulary() - 3),
        end(directory, config, template),
        directory.name());
  }

  private static VisionConfig vision(ModelConfig visual) {
    int width = visual.sizeOr("width", 1664);
    int patch = visual.sizeOr("patch_size", 14);
    return new VisionConfig(
        width,
        (int) (width * visual.doubleOr("mlp_ratio", 4.9231, 0.01, 1000)),
        visual.sizeOr("layers", 48),
        visual.sizeOr("heads", 16),
        LEARNED_GRID * patch,
        patch,
        EPSILON,
        "gelu");
  }

  private static PatchGrid windows(ModelConfig visual, boolean windowed) {
    List<Integer> sides = visual.ints("image_size");
    int height = sides.isEmpty() ? TILE : sides.get(0);
    int width = sides.isEmpty() ? TILE : sides.get(sides.size() - 1);
    if (!windowed) {
      if (height != TILE || width != TILE) {
        throw visual.error("image_size", String.valueOf(TILE));
      }
      return new PatchGrid(0, 0);
    }
    int most = visual.intOr("lora_repeat_num", 4, 1, 64);
    PatchGrid windows = new PatchGrid(height / TILE, width / TILE);
    if (height % TILE != 0 || width % TILE != 0 || windows.patches() > most || height < TILE) {
      throw visual.error(
          "image_size",
          "height and width, multiples of %d, of at most lora_repeat_num = %d windows"
              .formatted(TILE, most));
    }
    return windows;
  }

  private static ResamplerConfig resampler(
      ModelConfig visual, VisionConfig vision, QwenConfig language, int queries) {
    int side = (int) Math.round(Math.sqrt(queries));
    int width = visual.sizeOr("output_dim", 4096);
    if (side * side != queries) {
      throw visual.error("n_queries", "q * q queries, not " + queries);
    }
    if (width != language.hiddenSize()) {
      throw visual.error("output_dim", "hidden_size = " + language.hiddenSize());
    }
    return new ResamplerConfig(
        vision.hiddenSize(), width, Math.max(1, width / RESAMPLER_HEAD_SIZE), side);
  }

  private static Set<Integer> end(
      ModelDirectory directory, ModelConfig config, QwenVlTemplate template) {
    Set<Integer> end = new TreeSet<>(EndTokens.of(directory, config, END_OF_TEXT));
    if (template == QwenVlTemplate.CHATML) {
      end.addAll(END_OF_TURN);
    }
    return end;
  }

  @Override
  public String captionPrompt() {
    return template.captionPrompt();
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
    PictureCosts.Tiles tiles = new PictureCosts.Tiles(tiles(), (long) TILE * TILE);
    long patches = tiles.pixels() / ((long) vision.patchSize() * vision.patchSize());
    long projections = 2 + 2 + 4; // patches in the resampler's width, normed, then keys and values
    long split = 2 * 2; // keys and values as attention reads them
    return new PictureCosts(
            tiles,
            PictureCosts.Tower.of(vision),
            patches * resampler.width() * (projections + split),
            LanguageSizes.of(language).costs(visualTokens(), longestPrompt()))
        .bytes(dtype);
  }

  @Override
  public ModelArithmetic arithmetic() {
    return new ModelArithmetic(
        ArithmeticCount.tower(vision, 0, vision.layers()), LanguageSizes.of(language).arithmetic());
  }

  /** Brings every picture to one size, its shape not kept. */
  SlicePlanner planner() {
    if (windows.patches() == 0) {
      Size tile = new Size(TILE, TILE);
      return (width, height) -> SlicePlan.overviewOnly(new Size(width, height), tile);
    }
    return new WindowPlanner(new Size(windows.columns() * TILE, windows.rows() * TILE), TILE);
  }

  /** Tiles of a picture: its windows and its overview. */
  int tiles() {
    return windows.patches() + 1;
  }

  /** Visual tokens of a picture. */
  int visualTokens() {
    return resampler.queries() * tiles();
  }

  /** How a picture is written in a prompt. */
  ImageSpans spans() {
    return new ImageSpans(imageStart, visualTokens());
  }

  private int longestPrompt() {
    return Math.min(visualTokens() + 2 + PROMPT_WORDS, language.maxPositions());
  }

  /** Positions of a prompt and its answer: what the key-value pool is sized for. */
  int longestText() {
    return Math.min(longestPrompt() + ANSWER_TOKENS, language.maxPositions());
  }
}
