package dev.sluice.models.families;

import dev.sluice.models.VisionLanguageModel;
import dev.sluice.models.families.parts.Assembly;
import dev.sluice.models.families.parts.ComposedFamily;
import dev.sluice.models.families.parts.LanguageSizes;
import dev.sluice.models.families.parts.PrefixedPrompts;
import dev.sluice.models.families.parts.TextCodec;
import dev.sluice.models.families.parts.TextParts;
import dev.sluice.models.families.parts.TileEncoder;
import dev.sluice.models.language.OptConfig;
import dev.sluice.models.language.OptModel;
import dev.sluice.models.layers.Linear;
import dev.sluice.models.resampler.QFormer;
import dev.sluice.models.vision.VisionConfig;
import dev.sluice.models.vision.VisionTransformer;
import dev.sluice.models.weights.ModelConfig;
import dev.sluice.models.weights.ModelDirectory;
import dev.sluice.models.weights.Weights;
import org.bytedeco.pytorch.Tensor;

/**
 * BLIP-2 with OPT: a vision transformer, the Q-Former, one matrix, and the language model.
 * Immutable.
 *
 * <p>Li et al. 2023 (arXiv 2301.12597); transformers {@code Blip2ForConditionalGeneration}.
 */
public final class Blip2 extends ComposedFamily<Blip2Config> {
  private static final int BEGIN_TOKEN = 2;
  private static final String QUESTION = "Question:";

  @Override
  public String name() {
    return "blip-2";
  }

  @Override
  public boolean matches(ModelConfig config) {
    return config.stringOr("model_type", "").equals("blip-2");
  }

  @Override
  protected Blip2Config config(ModelDirectory directory, Weights headers) {
    return Blip2Config.of(directory, LanguageSizes.of(opt(directory)), BEGIN_TOKEN);
  }

  private static OptConfig opt(ModelDirectory directory) {
    ModelConfig text = Blip2Config.textConfig(directory);
    if (!text.stringOr("model_type", "opt").equals("opt")) {
      throw text.error("model_type", "opt");
    }
    return OptConfig.of(text);
  }

  @Override
  protected VisionLanguageModel compose(Blip2Config config, Assembly assembly) {
    Weights weights = assembly.weights();
    VisionConfig vision = config.vision();
    QFormer qformer =
        QFormer.load(
            weights.tensor(
                "query_tokens", 1, config.qformer().queries(), config.qformer().hiddenSize()),
            weights.under("qformer"),
            weights.under("qformer", "encoder"),
            config.qformer());
    Linear projection =
        Linear.load(
            weights.under("language_projection"),
            config.qformer().hiddenSize(),
            config.language().width());
    TileEncoder encoder =
        new TileEncoder(
            config.processor().normalizer(weights),
            VisionTransformer.blip(weights.under("vision_model"), vision),
            (tiles, observer) -> {
              Tensor queries = qformer.apply(tiles); // [B, Q, E of the Q-Former]
              observer.stage("qformer", queries);
              return projection.apply(queries);
            },
            new TileEncoder.Shape(vision.patchSize(), config.language().width(), assembly.dtype()));
    PrefixedPrompts prompts =
        new PrefixedPrompts(
            new TextCodec(assembly.openTokenizer(), config.language().vocabulary()),
            Blip2::asked,
            config.picture(),
            config.beginToken());
    TextParts text =
        assembly.text(
            OptModel.load(weights.under("language_model"), opt(assembly.directory())),
            prompts,
            config.endTokens(),
            config.longestText());
    return assembly.textModel(config.processor().slicer(assembly.reader()), encoder, prompts, text);
  }

  /** The prompt that the authors ask questions with; one that is written out stays. */
  private static String asked(String words) {
    return words.startsWith(QUESTION) ? words : QUESTION + " " + words + " Answer:";
  }
}
