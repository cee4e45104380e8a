package dev.sluice.models.families;

import dev.sluice.models.VisionLanguageModel;
import dev.sluice.models.families.parts.Assembly;
import dev.sluice.models.families.parts.ComposedFamily;
import dev.sluice.models.families.parts.Connector;
import dev.sluice.models.families.parts.TextCodec;
import dev.sluice.models.families.parts.TextParts;
import dev.sluice.models.families.parts.TileEncoder;
import dev.sluice.models.image.ImageSlicer;
import dev.sluice.models.language.QwenModel;
import dev.sluice.models.resampler.PerceiverResampler;
import dev.sluice.models.vision.PixelNormalizer;
import dev.sluice.models.vision.QwenVisionTransformer;
import dev.sluice.models.vision.TilePixels;
import dev.sluice.models.vision.WindowedPixels;
import dev.sluice.models.weights.ModelConfig;
import dev.sluice.models.weights.ModelDirectory;
import dev.sluice.models.weights.Weights;
import dev.sluice.models.weights.WeightsException;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.Tensor;

/**
 * Qwen-VL, and Monkey, which adds windows with an adapter each: ViT-bigG, a perceiver resampler and
 * Qwen 1. Immutable.
 *
 * <p>Bai et al. 2023 (arXiv 2308.12966), Li et al. 2023 (arXiv 2311.06607); Yuliang-Liu/Monkey at
 * 498e1d9. Pictures are turned upright first, which the reference leaves to its user.
 */
public final class QwenVl extends ComposedFamily<QwenVlConfig> {
  private static final String VISUAL = "transformer.visual.";
  private static final String RESAMPLER = VISUAL + "attn_pool";
  private static final Pattern TEXT_ADAPTER =
      Pattern.compile("[0-9]+[.](attn[.]c_(attn|proj)|mlp[.]w[12])_lora[.]lora_.*");

  private final Variant variant;

  /** The two kinds of folders. */
  public enum Variant {
    /** Qwen-VL and Qwen-VL-Chat: the overview alone. */
    QWEN_VL("qwen-vl", "qwen", "QWenLMHeadModel"),
    /** Monkey and Monkey-Chat: windows, then the overview. */
    MONKEY("monkey", "monkey", "MonkeyLMHeadModel");

    private final String family;
    private final String modelType;
    private final String architecture;

    Variant(String family, String modelType, String architecture) {
      this.family = family;
      this.modelType = modelType;
      this.architecture = architecture;
    }
  }

  public QwenVl(Variant variant) {
    this.variant = variant;
  }

  @Override
  public String name() {
    return variant.family;
  }

  @Override
  public boolean matches(ModelConfig config) {
    boolean named =
        config.stringOr("model_type", "").equals(variant.modelType)
            || config.strings("architectures").contains(variant.architecture);
    return named && config.has("visual");
  }

  @Override
  protected QwenVlConfig config(ModelDirectory directory, Weights headers) {
    requireKnownTextAdapters(directory, headers);
    int queries = Math.toIntExact(headers.under(RESAMPLER).shape("query")[0]);
    return QwenVlConfig.of(directory, variant == Variant.MONKEY, queries);
  }

  /** The training code's variant for small cards has adapters on the text's layers too. */
  private static void requireKnownTextAdapters(ModelDirectory directory, Weights headers) {
    headers.under("transformer", "h").names().stream()
        .filter(name -> name.contains("lora") && !TEXT_ADAPTER.matcher(name).matches())
        .findFirst()
        .ifPresent(
            name -> {
              throw new WeightsException(
                  ("model folder %s: expected adapters c_attn_lora, c_proj_lora, w1_lora and"
                          + " w2_lora, found 'transformer.h.%s'; merge it into its matrix first")
                      .formatted(directory, name));
            });
  }

  @Override
  protected VisionLanguageModel compose(QwenVlConfig config, Assembly assembly) {
    Weights weights = assembly.weights().renamed(QwenVl::besideTheResampler);
    TileEncoder encoder =
        new TileEncoder(
            pixels(config, weights),
            QwenVisionTransformer.load(
                weights.under("transformer", "visual"),
                config.vision(),
                config.windows().patches()),
            connector(PerceiverResampler.load(weights.under(RESAMPLER), config.resampler())),
            new TileEncoder.Shape(
                config.vision().patchSize(), config.language().hiddenSize(), assembly.dtype()));
    QwenVlPrompts prompts =
        new QwenVlPrompts(
            config, new TextCodec(assembly.openTokenizer(), config.language().vocabulary()));
    TextParts text =
        assembly.text(
            QwenModel.load(weights, config.language()),
            prompts,
            config.end(),
            config.longestText());
    return assembly.textModel(
        new ImageSlicer(assembly.reader(), config.planner()), encoder, prompts, text);
  }

  /** The last norm and projection lie outside the resampler that they belong to. */
  private static String besideTheResampler(String stored) {
    return stored.startsWith(VISUAL + "ln_post.") || stored.equals(VISUAL + "proj")
        ? RESAMPLER + stored.substring(VISUAL.length() - 1)
        : stored;
  }

  private static TilePixels pixels(QwenVlConfig config, Weights weights) {
    PixelNormalizer normalizer =
        new PixelNormalizer(weights, PixelNormalizer.CLIP_MEAN, PixelNormalizer.CLIP_DEVIATION);
    return config.windows().patches() == 0
        ? normalizer
        : new WindowedPixels(weights, normalizer, config.windows());
  }

  private static Connector connector(PerceiverResampler resampler) {
    return (tiles, observer) -> {
      Tensor gathered = resampler.attend(tiles); // [B, Q, E]
      observer.stage("resampler", gathered);
      return resampler.project(gathered);
    };
  }
}
