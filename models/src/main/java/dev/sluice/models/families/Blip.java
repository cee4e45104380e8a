package dev.sluice.models.families;

import dev.sluice.models.VisionLanguageModel;
import dev.sluice.models.families.parts.Assembly;
import dev.sluice.models.families.parts.ComposedFamily;
import dev.sluice.models.families.parts.TextCodec;
import dev.sluice.models.families.parts.TextParts;
import dev.sluice.models.language.BertDecoder;
import dev.sluice.models.weights.ModelConfig;
import dev.sluice.models.weights.ModelDirectory;
import dev.sluice.models.weights.Weights;
import java.util.Set;

/**
 * BLIP's captioner: a vision transformer and a BERT that attends to it. Immutable.
 *
 * <p>Li et al. 2022 (arXiv 2201.12086); transformers {@code BlipForConditionalGeneration}.
 */
public final class Blip extends ComposedFamily<BlipConfig> {

  @Override
  public String name() {
    return "blip";
  }

  @Override
  public boolean matches(ModelConfig config) {
    return BlipConfig.isBlip(config, "BlipForConditionalGeneration");
  }

  @Override
  protected BlipConfig config(ModelDirectory directory, Weights headers) {
    return BlipConfig.of(directory, BlipConfig.Task.CAPTION);
  }

  @Override
  protected VisionLanguageModel compose(BlipConfig config, Assembly assembly) {
    BlipPrompts prompts =
        new BlipPrompts(
            new TextCodec(assembly.openTokenizer(), config.text().vocabulary()),
            config.beginToken());
    TextParts text =
        assembly.text(
            BertDecoder.load(assembly.weights().under("text_decoder"), config.text()),
            prompts,
            Set.of(config.endToken()),
            config.longestText());
    return assembly.textModel(
        config.processor().slicer(assembly.reader()), config.encoder(assembly), prompts, text);
  }
}
