package dev.sluice.models.families;

import dev.sluice.models.VisionLanguageModel;
import dev.sluice.models.families.LlavaUhdConfig.ResamplerKind;
import dev.sluice.models.families.parts.Assembly;
import dev.sluice.models.families.parts.ComposedFamily;
import dev.sluice.models.families.parts.Connector;
import dev.sluice.models.families.parts.ImageProcessorConfig;
import dev.sluice.models.families.parts.TextCodec;
import dev.sluice.models.families.parts.TextParts;
import dev.sluice.models.families.parts.TileEncoder;
import dev.sluice.models.image.ImageSlicer;
import dev.sluice.models.language.LlamaModel;
import dev.sluice.models.resampler.PerceiverResampler;
import dev.sluice.models.resampler.Resampler;
import dev.sluice.models.resampler.SpatialResampler;
import dev.sluice.models.vision.VisionTransformer;
import dev.sluice.models.weights.ModelConfig;
import dev.sluice.models.weights.ModelDirectory;
import dev.sluice.models.weights.Weights;

/**
 * LLaVA-UHD: CLIP on native-resolution slices, a resampler that all slices share, and LLaMA.
 * Immutable.
 *
 * <p>Xu et al. 2024 (arXiv 2403.11703); thunlp/LLaVA-UHD, branch LLaVA-UHD-v1 at dd7f6cc ({@code
 * llava_arch.py}), and the 64-query resampler of d0d857d. Pictures are turned upright first, which
 * the reference leaves to its user.
 */
public final class LlavaUhd extends ComposedFamily<LlavaUhdConfig> {
  private static final String PROJECTOR = "model.mm_projector";

  @Override
  public String name() {
    return "llava-uhd";
  }

  @Override
  public boolean matches(ModelConfig config) {
    boolean llava =
        config.stringOr("model_type", "").equals("llava_llama")
            || config.strings("architectures").contains("LlavaLlamaForCausalLM");
    return llava && config.stringOr("mm_projector_type", "").contains("resampler");
  }

  @Override
  protected LlavaUhdConfig config(ModelDirectory directory, Weights headers) {
    Weights projector = headers.under(PROJECTOR);
    return LlavaUhdConfig.of(directory, Math.toIntExact(projector.shape("query")[0]));
  }

  @Override
  protected long extraParameters(ModelDirectory directory, Weights headers) {
    return VisionTowerWeights.extraParameters(directory, headers);
  }

  @Override
  protected VisionLanguageModel compose(LlavaUhdConfig config, Assembly assembly) {
    Weights weights = assembly.weights();
    Weights tower = VisionTowerWeights.open(assembly.directory(), weights, assembly.resources());
    TileEncoder encoder =
        new TileEncoder(
            ImageProcessorConfig.of(assembly.directory(), "CLIPImageProcessor").normalizer(weights),
            VisionTransformer.clip(tower, config.vision(), config.visionLayers()).patchesOnly(),
            Connector.of(resampler(weights.under(PROJECTOR), config)),
            new TileEncoder.Shape(
                config.vision().patchSize(), config.language().hiddenSize(), assembly.dtype()));
    LlavaUhdPrompts prompts =
        new LlavaUhdPrompts(
            config, new TextCodec(assembly.openTokenizer(), config.language().vocabulary()));
    TextParts text =
        assembly.text(
            LlamaModel.load(weights, config.language()),
            prompts,
            config.tokens().end(),
            config.longestText());
    return assembly.textModel(
        new ImageSlicer(assembly.reader(), config.planner(assembly.options().preResize())),
        encoder,
        prompts,
        text);
  }

  private static Resampler resampler(Weights weights, LlavaUhdConfig config) {
    return config.resamplerKind() == ResamplerKind.SPATIAL
        ? SpatialResampler.load(weights, config.resampler())
        : PerceiverResampler.load(weights, config.resampler());
  }
}
