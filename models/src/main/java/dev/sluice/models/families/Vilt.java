package dev.sluice.models.families;

import dev.sluice.models.VisionLanguageModel;
import dev.sluice.models.families.parts.Assembly;
import dev.sluice.models.families.parts.ComposedFamily;
import dev.sluice.models.families.parts.TextCodec;
import dev.sluice.models.families.parts.TileEncoder;
import dev.sluice.models.vision.ViltModel;
import dev.sluice.models.weights.ModelConfig;
import dev.sluice.models.weights.ModelDirectory;
import dev.sluice.models.weights.Weights;

/**
 * ViLT: patches and words in one transformer, which picks an answer from a list. Immutable.
 *
 * <p>Kim et al. 2021 (arXiv 2102.03334); transformers {@code modeling_vilt.py}. A picture's visual
 * tokens are its embedded patches: the transformer runs once for each question.
 */
public final class Vilt extends ComposedFamily<ViltConfig> {

  @Override
  public String name() {
    return "vilt";
  }

  @Override
  public boolean matches(ModelConfig config) {
    return config.stringOr("model_type", "").equals("vilt")
        && config.strings("architectures").contains("ViltForQuestionAnswering");
  }

  @Override
  protected ViltConfig config(ModelDirectory directory, Weights headers) {
    return ViltConfig.of(directory);
  }

  @Override
  protected VisionLanguageModel compose(ViltConfig config, Assembly assembly) {
    Weights weights = assembly.weights();
    ViltModel model = ViltModel.load(weights, config.vision(), config.sizes());
    TileEncoder encoder =
        new TileEncoder(
            config.processor().normalizer(weights),
            model.pictures(),
            (tiles, observer) -> tiles.features(),
            new TileEncoder.Shape(
                config.vision().patchSize(), config.vision().hiddenSize(), assembly.dtype()));
    TextCodec codec = new TextCodec(assembly.openTokenizer(), config.vocabulary());
    ViltAnswers answers = new ViltAnswers(model, codec, config, weights.device());
    int together = assembly.options().sequences();
    return assembly.answeringModel(
        config.processor().slicer(assembly.reader()),
        encoder,
        new ViltGenerator(answers, together),
        new ViltScorer(answers, together),
        new ViltTrace(encoder, answers));
  }
}
