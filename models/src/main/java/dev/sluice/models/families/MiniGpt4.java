package dev.sluice.models.families;

import dev.sluice.models.VisionLanguageModel;
import dev.sluice.models.families.parts.Assembly;
import dev.sluice.models.families.parts.ComposedFamily;
import dev.sluice.models.families.parts.Connector;
import dev.sluice.models.families.parts.TextCodec;
import dev.sluice.models.families.parts.TextParts;
import dev.sluice.models.families.parts.TileEncoder;
import dev.sluice.models.image.PictureFitting;
import dev.sluice.models.image.PictureResizer;
import dev.sluice.models.image.ResizeRule;
import dev.sluice.models.image.WholePictureSlicer;
import dev.sluice.models.language.LlamaModel;
import dev.sluice.models.layers.GridFeatures;
import dev.sluice.models.layers.LayerNorm;
import dev.sluice.models.layers.Linear;
import dev.sluice.models.resampler.QFormer;
import dev.sluice.models.resampler.QFormerConfig;
import dev.sluice.models.tensor.Device;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.vision.PixelNormalizer;
import dev.sluice.models.vision.VisionTransformer;
import dev.sluice.models.weights.ModelConfig;
import dev.sluice.models.weights.ModelDirectory;
import dev.sluice.models.weights.Weights;
import org.bytedeco.pytorch.Tensor;

/**
 * MiniGPT-4: EVA-CLIP, BLIP-2's Q-Former or joined patches, one matrix, and Vicuna or Llama 2.
 * Immutable.
 *
 * <p>Zhu et al. 2023 (arXiv 2304.10592); Vision-CAIR/MiniGPT-4 at d94738a ({@code minigpt4.py}).
 * Pictures are turned upright first, which the reference leaves to its user. The reference's chat
 * samples with top-p 0.9 and a repetition penalty of 1.05; here, as everywhere, a text is greedy
 * unless its request says otherwise.
 */
public final class MiniGpt4 extends ComposedFamily<MiniGpt4Config> {
  @Override
  public String name() {
    return "minigpt4";
  }

  @Override
  public boolean matches(ModelConfig config) {
    return config.stringOr("arch", "").equals("minigpt4");
  }

  @Override
  protected Weights open(ModelDirectory directory, Device device, Dtype dtype) {
    device.requireAvailable();
    ModelConfig config = directory.config();
    MiniGpt4Names names = new MiniGpt4Names(MiniGpt4Config.vision(config).layers());
    return Weights.ofParts(
        device,
        dtype,
        MiniGpt4Folder.of(directory).weights(names, MiniGpt4Config.hasQFormer(config)));
  }

  @Override
  protected MiniGpt4Config config(ModelDirectory directory, Weights headers) {
    return MiniGpt4Config.of(MiniGpt4Folder.of(directory));
  }

  @Override
  protected VisionLanguageModel compose(MiniGpt4Config config, Assembly assembly) {
    Weights weights = assembly.weights();
    TileEncoder encoder =
        new TileEncoder(
            new PixelNormalizer(weights, PixelNormalizer.CLIP_MEAN, PixelNormalizer.CLIP_DEVIATION),
            VisionTransformer.eva(weights.under("vision_model"), config.vision()),
            connector(config, weights),
            new TileEncoder.Shape(
                config.vision().patchSize(), config.language().hiddenSize(), assembly.dtype()));
    ModelDirectory language = MiniGpt4Folder.of(assembly.directory()).language();
    TextCodec codec =
        new TextCodec(assembly.openTokenizer(language.path()), config.language().vocabulary());
    MiniGpt4Prompts prompts = new MiniGpt4Prompts(config, codec);
    TextParts text =
        assembly.text(
            LlamaModel.load(weights.under("llama_model"), config.language()),
            prompts,
            config.endTokens(),
            config.longestText());
    PictureFitting fitting =
        new PictureFitting(PictureResizer.PILLOW_BICUBIC, ResizeRule.exactly(config.tile()), null);
    return assembly.textModel(
        new WholePictureSlicer(assembly.reader(), fitting), encoder, prompts, text);
  }

  private static Connector connector(MiniGpt4Config config, Weights weights) {
    LayerNorm norm = visionNorm(config, weights);
    Connector projected =
        config
            .qformer()
            .map(sizes -> queried(config, sizes, weights))
            .orElseGet(() -> joined(config, weights));
    return (tiles, observer) -> {
      Tensor normed = norm.apply(tiles.features()); // [B, 1 + P, E of the tower]
      observer.stage("ln_vision", normed);
      return projected.apply(new GridFeatures(tiles.grid(), normed), observer);
    };
  }

  /** With Llama 2 it was not trained, and no file holds it. */
  private static LayerNorm visionNorm(MiniGpt4Config config, Weights weights) {
    int width = config.vision().hiddenSize();
    Weights norm = weights.under("ln_vision");
    return norm.has("weight")
        ? LayerNorm.load(norm, width, config.visionNormEpsilon())
        : LayerNorm.plain(norm, width, config.visionNormEpsilon());
  }

  /** The Q-Former, which sees the class token too. */
  private static Connector queried(MiniGpt4Config config, QFormerConfig sizes, Weights weights) {
    Weights bert = weights.under("Qformer", "bert");
    QFormer qformer =
        QFormer.load(
            weights.tensor("query_tokens", 1, sizes.queries(), sizes.hiddenSize()),
            bert.under("embeddings"),
            bert.under("encoder"),
            sizes);
    Linear projection = projection(config, weights, sizes.hiddenSize());
    return (tiles, observer) -> {
      Tensor queries = qformer.apply(tiles); // [B, Q, E of the Q-Former]
      observer.stage("qformer", queries);
      return projection.apply(queries);
    };
  }

  /** Four neighbours of a row side by side, without the class token. */
  private static Connector joined(MiniGpt4Config config, Weights weights) {
    int width = MiniGpt4Config.PATCHES_PER_TOKEN * config.vision().hiddenSize();
    Linear projection = projection(config, weights, width);
    return (tiles, observer) -> {
      Tensor patches = tiles.features().narrow(1, 1, tiles.grid().patches());
      return projection.apply(patches.reshape(tiles.tiles(), -1, width));
    };
  }

  private static Linear projection(MiniGpt4Config config, Weights weights, int in) {
    return Linear.load(weights.under("llama_proj"), in, config.language().hiddenSize());
  }
}
