package dev.sluice.models.families;

import dev.sluice.models.VisionLanguageModel;
import dev.sluice.models.families.parts.Assembly;
import dev.sluice.models.families.parts.ComposedFamily;
import dev.sluice.models.families.parts.MatchScorer;
import dev.sluice.models.families.parts.MatchTrace;
import dev.sluice.models.families.parts.TextCodec;
import dev.sluice.models.families.parts.TileEncoder;
import dev.sluice.models.language.BertEncoder;
import dev.sluice.models.layers.Linear;
import dev.sluice.models.weights.ModelConfig;
import dev.sluice.models.weights.ModelDirectory;
import dev.sluice.models.weights.Weights;

/**
 * BLIP's image-text matching: whether a text belongs to a picture. Immutable.
 *
 * <p>Li et al. 2022 (arXiv 2201.12086); transformers {@code BlipForImageTextRetrieval}.
 */
public final class BlipMatching extends ComposedFamily<BlipConfig> {
  private static final int ANSWERS = 2;

  @Override
  public String name() {
    return "blip";
  }

  @Override
  public boolean matches(ModelConfig config) {
    return BlipConfig.isBlip(config, "BlipForImageTextRetrieval");
  }

  @Override
  protected BlipConfig config(ModelDirectory directory, Weights headers) {
    return BlipConfig.of(directory, BlipConfig.Task.MATCH);
  }

  @Override
  protected VisionLanguageModel compose(BlipConfig config, Assembly assembly) {
    Weights weights = assembly.weights();
    TileEncoder encoder = config.encoder(assembly);
    MatchScorer scorer =
        new MatchScorer(
            new TextCodec(assembly.openTokenizer(), config.text().vocabulary()),
            BertEncoder.load(weights.under("text_encoder"), config.text()),
            Linear.load(weights.under("itm_head"), config.text().hiddenSize(), ANSWERS),
            weights.device());
    return assembly.scoringModel(
        config.processor().slicer(assembly.reader()),
        encoder,
        scorer,
        new MatchTrace(encoder, scorer));
  }
}
