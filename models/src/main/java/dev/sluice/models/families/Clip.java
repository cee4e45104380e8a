package dev.sluice.models.families;

import dev.sluice.models.VisionLanguageModel;
import dev.sluice.models.families.parts.Assembly;
import dev.sluice.models.families.parts.ComposedFamily;
import dev.sluice.models.families.parts.Connector;
import dev.sluice.models.families.parts.ContrastiveScorer;
import dev.sluice.models.families.parts.ContrastiveTrace;
import dev.sluice.models.families.parts.Similarity;
import dev.sluice.models.families.parts.TextCodec;
import dev.sluice.models.families.parts.TextTower;
import dev.sluice.models.families.parts.TileEncoder;
import dev.sluice.models.language.TextEncoder;
import dev.sluice.models.layers.LayerNorm;
import dev.sluice.models.layers.Linear;
import dev.sluice.models.vision.VisionConfig;
import dev.sluice.models.vision.VisionTransformer;
import dev.sluice.models.weights.ModelConfig;
import dev.sluice.models.weights.ModelDirectory;
import dev.sluice.models.weights.Weights;

/**
 * CLIP: a picture's class token and a text's end token, compared by their cosine. Immutable.
 *
 * <p>Radford et al. 2021 (arXiv 2103.00020); transformers {@code modeling_clip.py}.
 */
public final class Clip extends ComposedFamily<ContrastiveConfig> {

  @Override
  public String name() {
    return "clip";
  }

  @Override
  public boolean matches(ModelConfig config) {
    return config.stringOr("model_type", "").equals("clip");
  }

  @Override
  protected ContrastiveConfig config(ModelDirectory directory, Weights headers) {
    return ContrastiveConfig.clip(directory);
  }

  @Override
  protected VisionLanguageModel compose(ContrastiveConfig config, Assembly assembly) {
    Weights weights = assembly.weights();
    TileEncoder encoder =
        new TileEncoder(
            config.processor().normalizer(weights),
            VisionTransformer.clip(
                weights.under("vision_model"), config.vision(), config.vision().layers()),
            classToken(config, weights),
            new TileEncoder.Shape(
                config.vision().patchSize(), config.features(), assembly.dtype()));
    ContrastiveScorer scorer =
        new ContrastiveScorer(weights, texts(config, assembly), Similarity.clip(weights));
    return assembly.scoringModel(
        config.processor().slicer(assembly.reader()),
        encoder,
        scorer,
        new ContrastiveTrace(encoder, scorer));
  }

  /** The class token, normalised and projected. */
  private static Connector classToken(ContrastiveConfig config, Weights weights) {
    VisionConfig vision = config.vision();
    LayerNorm norm =
        LayerNorm.load(
            weights.under("vision_model", "post_layernorm"),
            vision.hiddenSize(),
            vision.layerNormEpsilon());
    Linear projection =
        Linear.loadWithoutBias(
            weights.under("visual_projection"), vision.hiddenSize(), config.features());
    return (tiles, observer) -> projection.apply(norm.apply(tiles.features().narrow(1, 0, 1)));
  }

  private static TextTower texts(ContrastiveConfig config, Assembly assembly) {
    Weights weights = assembly.weights();
    return new TextTower(
        new TextCodec(assembly.openTokenizer(), config.text().vocabulary()),
        config.text().maxPositions(),
        config.reader(),
        TextEncoder.clip(weights.under("text_model"), config.text()),
        Linear.loadWithoutBias(
            weights.under("text_projection"), config.text().width(), config.features()));
  }
}
