package dev.sluice.models.families;

import dev.sluice.models.Capability;
import dev.sluice.models.ImageCosts;
import dev.sluice.models.ModelArithmetic;
import dev.sluice.models.families.parts.ArithmeticCount;
import dev.sluice.models.families.parts.Assembly;
import dev.sluice.models.families.parts.FamilyConfig;
import dev.sluice.models.families.parts.ImageProcessorConfig;
import dev.sluice.models.families.parts.PictureCosts;
import dev.sluice.models.families.parts.TileEncoder;
import dev.sluice.models.language.BertConfig;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.vision.VisionConfig;
import dev.sluice.models.vision.VisionTransformer;
import dev.sluice.models.weights.ModelConfig;
import dev.sluice.models.weights.ModelDirectory;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A BLIP folder's configuration; missing keys take the defaults of transformers' classes.
 * Immutable.
 *
 * @param beginToken the decoder's, beyond the tokenizer's vocabulary
 * @param endToken the tokenizer's separator; {@code eos_token_id} is not used
 */
record BlipConfig(
    Task task,
    ImageProcessorConfig processor,
    VisionConfig vision,
    BertConfig text,
    int beginToken,
    int endToken,
    String revision)
    implements FamilyConfig {

  private static final int PUBLISHED_BEGIN_TOKEN = 30522;
  private static final int PUBLISHED_END_TOKEN = 102;
  private static final int PROMPT_WORDS = 64;
  private static final int ANSWER_TOKENS = 64;

  /** What the folder was trained for. */
  enum Task {
    CAPTION,
    MATCH
  }

  /** Whether a configuration is of BLIP's model class; one without a class is a captioner. */
  static boolean isBlip(ModelConfig config, String architecture) {
    List<String> architectures = config.strings("architectures");
    return config.stringOr("model_type", "").equals("blip")
        && (architectures.isEmpty()
            ? architecture.equals("BlipForConditionalGeneration")
            : architectures.contains(architecture));
  }

  static BlipConfig of(ModelDirectory directory, Task task) {
    ModelConfig config = directory.config();
    VisionConfig vision =
        VisionConfig.of(config.atOrEmpty("vision_config"), VisionConfig.BLIP_B_16);
    ModelConfig text = config.atOrEmpty("text_config");
    BertConfig bert = BertConfig.of(text, vision.hiddenSize());
    return new BlipConfig(
        task,
        ImageProcessorConfig.of(directory, "BlipImageProcessor"),
        vision,
        bert,
        text.intOr("bos_token_id", PUBLISHED_BEGIN_TOKEN, 0, bert.vocabulary() - 1),
        text.intOr("sep_token_id", PUBLISHED_END_TOKEN, 0, bert.vocabulary() - 1),
        directory.name());
  }

  /** The whole picture becomes the tower's rows, as they are. */
  TileEncoder encoder(Assembly assembly) {
    return TileEncoder.ofTower(
        processor.normalizer(assembly.weights()),
        VisionTransformer.blip(assembly.weights().under("vision_model"), vision),
        new TileEncoder.Shape(vision.patchSize(), vision.hiddenSize(), assembly.dtype()));
  }

  /** The picture's class token and patches. */
  int visualTokens() {
    return 1 + vision.learnedGrid().patches();
  }

  /** Positions of a caption; the picture's rows are kept beside it. */
  int longestText() {
    return visualTokens() + Math.min(PROMPT_WORDS + ANSWER_TOKENS, text.maxPositions());
  }

  /** Nothing: a caption from its first word on. */
  @Override
  public String captionPrompt() {
    return "";
  }

  @Override
  public Set<Capability> capabilities() {
    return task == Task.CAPTION
        ? EnumSet.of(Capability.CAPTION, Capability.SCORE)
        : EnumSet.of(Capability.SCORE);
  }

  @Override
  public long kvBytesPerToken(Dtype dtype) {
    return task == Task.CAPTION ? text.kvShape().bytesPerPosition(dtype.bytes()) : 0;
  }

  @Override
  public ImageCosts costs(Dtype dtype) {
    long row = 8L * text.hiddenSize() + 2L * text.intermediateSize();
    long memory = 2L * visualTokens() * text.hiddenSize();
    return new PictureCosts(
            new PictureCosts.Tiles(1, (long) vision.imageSize() * vision.imageSize()),
            PictureCosts.Tower.of(vision),
            0,
            new PictureCosts.Text(
                visualTokens(),
                vision.hiddenSize(),
                PROMPT_WORDS,
                row + memory / PROMPT_WORDS,
                text.vocabulary()))
        .bytes(dtype);
  }

  @Override
  public ModelArithmetic arithmetic() {
    return new ModelArithmetic(ArithmeticCount.tower(vision), ArithmeticCount.text(text));
  }
}
