package dev.sluice.models.families;

import dev.sluice.models.VisionLanguageModel;
import dev.sluice.models.families.parts.Assembly;
import dev.sluice.models.families.parts.ComposedFamily;
import dev.sluice.models.families.parts.InstructedGenerator;
import dev.sluice.models.families.parts.InstructedScorer;
import dev.sluice.models.families.parts.InstructedTokens;
import dev.sluice.models.families.parts.LanguageSizes;
import dev.sluice.models.families.parts.PrefixedPrompts;
import dev.sluice.models.families.parts.QFormerTokens;
import dev.sluice.models.families.parts.TextCodec;
import dev.sluice.models.families.parts.TextParts;
import dev.sluice.models.families.parts.TextTrace;
import dev.sluice.models.families.parts.TileEncoder;
import dev.sluice.models.families.parts.TracedPicture;
import dev.sluice.models.language.LlamaConfig;
import dev.sluice.models.language.LlamaModel;
import dev.sluice.models.layers.Linear;
import dev.sluice.models.resampler.QFormer;
import dev.sluice.models.resampler.QFormerConfig;
import dev.sluice.models.vision.VisionTransformer;
import dev.sluice.models.weights.ModelConfig;
import dev.sluice.models.weights.ModelDirectory;
import dev.sluice.models.weights.Weights;

/**
 * InstructBLIP with Vicuna: BLIP-2 whose Q-Former reads the instruction beside the picture.
 * Immutable.
 *
 * <p>Dai et al. 2023 (arXiv 2305.06500); transformers {@code InstructBlipForConditionalGeneration}.
 * The encoder gives the tower's rows; the Q-Former runs when a prompt is known, so one encoded
 * picture serves many instructions.
 */
public final class InstructBlip extends ComposedFamily<Blip2Config> {
  private static final int BEGIN_TOKEN = 1;
  private static final String QFORMER_TOKENIZER = "qformer_tokenizer";

  @Override
  public String name() {
    return "instructblip";
  }

  @Override
  public boolean matches(ModelConfig config) {
    return config.stringOr("model_type", "").equals("instructblip");
  }

  @Override
  protected Blip2Config config(ModelDirectory directory, Weights headers) {
    return Blip2Config.of(directory, LanguageSizes.of(llama(directory)), BEGIN_TOKEN);
  }

  private static LlamaConfig llama(ModelDirectory directory) {
    ModelConfig text = Blip2Config.textConfig(directory);
    if (!text.stringOr("model_type", "llama").equals("llama")) {
      throw text.error("model_type", "llama");
    }
    return LlamaConfig.of(text);
  }

  @Override
  protected VisionLanguageModel compose(Blip2Config config, Assembly assembly) {
    Weights weights = assembly.weights();
    TileEncoder tower =
        TileEncoder.ofTower(
            config.processor().normalizer(weights),
            VisionTransformer.blip(weights.under("vision_model"), config.vision()),
            new TileEncoder.Shape(
                config.vision().patchSize(), config.vision().hiddenSize(), assembly.dtype()));
    PrefixedPrompts prompts =
        new PrefixedPrompts(
            new TextCodec(assembly.openTokenizer(), config.language().vocabulary()),
            words -> words,
            config.picture(),
            config.beginToken());
    TextParts text =
        assembly.text(
            LlamaModel.load(weights.under("language_model"), llama(assembly.directory())),
            prompts,
            config.endTokens(),
            config.longestText());
    InstructedTokens tokens = instructed(config, assembly);
    return assembly.model(
        config.processor().slicer(assembly.reader()),
        tower,
        new InstructedGenerator(text.engine(), prompts, tokens),
        new InstructedScorer(text.scorer(), prompts, tokens),
        new TextTrace(
            TracedPicture.instructed(tower, prompts, tokens),
            prompts,
            text.runner(),
            text.engine()));
  }

  private static InstructedTokens instructed(Blip2Config config, Assembly assembly) {
    Weights weights = assembly.weights();
    QFormerConfig qformer = config.qformer();
    int width = config.language().width();
    return new QFormerTokens(
        QFormer.load(
            weights.tensor("query_tokens", 1, qformer.queries(), qformer.hiddenSize()),
            weights.under("qformer", "embeddings"),
            weights.under("qformer", "encoder"),
            qformer),
        Linear.load(weights.under("language_projection"), qformer.hiddenSize(), width),
        new TextCodec(
            assembly.openTokenizer(assembly.directory().path().resolve(QFORMER_TOKENIZER)),
            qformer.vocabulary()),
        new QFormerTokens.Target(
            width, assembly.dtype(), weights.device(), qformer.maxPositions()));
  }
}
