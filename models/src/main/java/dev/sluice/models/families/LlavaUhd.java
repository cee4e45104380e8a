package dev.sluice.models.families;

import dev.sluice.models.ImageCosts;
import dev.sluice.models.LoadOptions;
import dev.sluice.models.ModelDescription;
import dev.sluice.models.VisionLanguageModel;
import dev.sluice.models.families.LlavaUhdConfig.ResamplerKind;
import dev.sluice.models.image.ImageReader;
import dev.sluice.models.image.ImageSlicer;
import dev.sluice.models.image.Orientation;
import dev.sluice.models.language.LlamaModel;
import dev.sluice.models.memory.MemoryLedger;
import dev.sluice.models.resampler.PerceiverResampler;
import dev.sluice.models.resampler.Resampler;
import dev.sluice.models.resampler.SpatialResampler;
import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.tensor.TorchRuntime;
import dev.sluice.models.tokenizer.Tokenizer;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.ModelInfo;
import dev.sluice.models.vision.ClipVisionTransformer;
import dev.sluice.models.vision.PixelNormalizer;
import dev.sluice.models.weights.ModelConfig;
import dev.sluice.models.weights.ModelDirectory;
import dev.sluice.models.weights.Weights;
import java.util.List;
import java.util.Optional;

/**
 * LLaVA-UHD: CLIP on native-resolution slices, a resampler that all slices share, and LLaMA.
 * Immutable.
 *
 * <p>Xu et al. 2024 (arXiv 2403.11703); thunlp/LLaVA-UHD, branch LLaVA-UHD-v1 at dd7f6cc ({@code
 * llava_arch.py}), and the 64-query resampler of d0d857d. Pictures are turned upright first, which
 * the reference leaves to its user.
 */
public final class LlavaUhd implements ModelFamily {
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
  public ImageCosts costs(ModelDirectory directory, LoadOptions options) {
    Dtype dtype = ComputeType.of(directory.config(), options);
    try (Weights headers = directory.weights(Device.CPU, dtype)) {
      return LlavaUhdCosts.of(configOf(directory, headers), dtype);
    }
  }

  @Override
  public ModelDescription describe(ModelDirectory directory, LoadOptions options) {
    Dtype dtype = ComputeType.of(directory.config(), options);
    try (Weights headers = directory.weights(Device.CPU, dtype)) {
      LlavaUhdConfig config = configOf(directory, headers);
      long parameters =
          headers.parameters() + VisionTowerWeights.extraParameters(directory, headers);
      return new ModelDescription(
          name(),
          config.revision(),
          dtype,
          parameters,
          parameters * dtype.bytes(),
          config.language().kvShape().bytesPerPosition(dtype.bytes()),
          LlavaUhdCosts.of(config, dtype));
    }
  }

  @Override
  public VisionLanguageModel load(
      ModelDirectory directory, LoadOptions options, MemoryLedger ledger) {
    Resources resources = new Resources();
    try (TorchRuntime.Inference inference = TorchRuntime.inference();
        TensorScope scope = new TensorScope()) {
      return compose(directory, options, ledger, resources);
    } catch (RuntimeException e) {
      resources.close();
      throw e;
    }
  }

  private VisionLanguageModel compose(
      ModelDirectory directory, LoadOptions options, MemoryLedger ledger, Resources resources) {
    ModelDescription description = describe(directory, options);
    Dtype dtype = description.dtype();
    resources.add(ledger.lease("weights", description.weightsBytes()));
    Weights weights = resources.add(directory.weights(options.device(), dtype));
    LlavaUhdConfig config = configOf(directory, weights);
    Weights tower = VisionTowerWeights.open(directory, weights, resources);
    Optional<Tokenizer> tokenizer =
        directory.tokenizerFile().map(file -> resources.add(Tokenizer.open(file)));

    TileEncoder encoder =
        new TileEncoder(
            normalizer(directory, weights),
            ClipVisionTransformer.load(tower, config.vision(), config.visionLayers()),
            resampler(weights.under(PROJECTOR), config),
            new TileEncoder.Shape(
                config.vision().patchSize(), config.language().hiddenSize(), dtype));
    LlamaModel language = LlamaModel.load(weights, config.language());
    LlavaUhdPrompts prompts = new LlavaUhdPrompts(config, tokenizer);
    KvAllocation memory =
        KvAllocation.lease(language.kvShape(), config.longestText(), dtype, options, ledger);
    TextParts text =
        TextParts.of(language, prompts, config.tokens().end(), resources.add(memory), options);
    return new ComposedModel(
        new ModelInfo(name(), config.revision(), directory.weightsSha256(), dtype),
        new ImageSlicer(
            new ImageReader(options.imageLimits(), Orientation.APPLY),
            config.planner(options.preResize())),
        description.costs(),
        encoder,
        Optional.of(text.engine()),
        Optional.of(text.scorer()),
        Optional.of(new UhdTrace(encoder, prompts, text.runner(), text.engine())),
        resources);
  }

  private static LlavaUhdConfig configOf(ModelDirectory directory, Weights weights) {
    Weights projector = weights.under(PROJECTOR);
    return LlavaUhdConfig.of(directory, Math.toIntExact(projector.shape("query")[0]));
  }

  private static Resampler resampler(Weights weights, LlavaUhdConfig config) {
    return config.resamplerKind() == ResamplerKind.SPATIAL
        ? SpatialResampler.load(weights, config.resampler())
        : PerceiverResampler.load(weights, config.resampler());
  }

  private static PixelNormalizer normalizer(ModelDirectory directory, Weights weights) {
    ModelConfig config = directory.preprocessorConfig();
    return new PixelNormalizer(
        weights,
        channels(config, "image_mean", PixelNormalizer.CLIP_MEAN),
        channels(config, "image_std", PixelNormalizer.CLIP_DEVIATION));
  }

  private static List<Double> channels(ModelConfig config, String key, List<Double> published) {
    List<Double> values = config.doubles(key);
    if (!values.isEmpty() && values.size() != published.size()) {
      throw config.error(key, "3 numbers");
    }
    return values.isEmpty() ? published : values;
  }
}
