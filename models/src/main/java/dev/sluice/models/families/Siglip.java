package dev.sluice.models.families;

import dev.sluice.models.VisionLanguageModel;
import dev.sluice.models.families.parts.Assembly;
import dev.sluice.models.families.parts.ComposedFamily;
import dev.sluice.models.families.parts.ContrastiveScorer;
import dev.sluice.models.families.parts.ContrastiveTrace;
import dev.sluice.models.families.parts.Similarity;
import dev.sluice.models.families.parts.TextCodec;
import dev.sluice.models.families.parts.TextTower;
import dev.sluice.models.families.parts.TileEncoder;
import dev.sluice.models.language.TextEncoder;
import dev.sluice.models.layers.Linear;
import dev.sluice.models.vision.AttentionPooling;
import dev.sluice.models.vision.VisionTransformer;
import dev.sluice.models.weights.ModelConfig;
import dev.sluice.models.weights.ModelDirectory;
import dev.sluice.models.weights.Weights;

/**
 * SigLIP: a pooled picture and a padded text, each pair judged by itself. Immutable.
 *
 * <p>Zhai et al. 2023 (arXiv 2303.15343); transformers {@code modeling_siglip.py}. Texts are padded
 * and their pads attended to, as the published folders do it.
 */
public final class Siglip extends ComposedFamily<ContrastiveConfig> {

  @Override
  public String name() {
    return "siglip";
  }

  @Override
  public boolean matches(ModelConfig config) {
    return config.stringOr("model_type", "").equals("siglip");
  }

  @Override
  protected ContrastiveConfig config(ModelDirectory directory, Weights headers) {
    return ContrastiveConfig.siglip(directory);
  }

  @Override
  protected VisionLanguageModel compose(ContrastiveConfig config, Assembly assembly) {
    Weights weights = assembly.weights();
    Weights tower = weights.under("vision_model");
    AttentionPooling head = AttentionPooling.load(tower.under("head"), config.vision());
    TileEncoder encoder =
        new TileEncoder(
            config.processor().normalizer(weights),
            VisionTransformer.siglip(tower, config.vision()),
            (tiles, observer) -> head.apply(tiles.features()).unsqueeze(1),
            new TileEncoder.Shape(
                config.vision().patchSize(), config.features(), assembly.dtype()));
    ContrastiveScorer scorer =
        new ContrastiveScorer(weights, texts(config, assembly), Similarity.siglip(weights));
    return assembly.scoringModel(
        config.processor().slicer(assembly.reader()),
        encoder,
        scorer,
        new ContrastiveTrace(encoder, scorer));
  }

  private static TextTower texts(ContrastiveConfig config, Assembly assembly) {
    Weights weights = assembly.weights().under("text_model");
    return new TextTower(
        new TextCodec(assembly.openTokenizer(), config.text().vocabulary()),
        config.text().maxPositions(),
        config.reader(),
        TextEncoder.siglip(weights, config.text()),
        Linear.load(weights.under("head"), config.text().width(), config.features()));
  }
}
