package dev.sluice.models.families.parts;

import dev.sluice.models.ImageCosts;
import dev.sluice.models.LabelScorer;
import dev.sluice.models.ModelArithmetic;
import dev.sluice.models.TextGenerator;
import dev.sluice.models.Traceable;
import dev.sluice.models.VisionLanguageModel;
import dev.sluice.models.VisualEncoder;
import dev.sluice.models.image.PictureSlicer;
import dev.sluice.models.value.ModelInfo;
import dev.sluice.models.value.Prompt;
import java.util.Optional;

/**
 * A loaded model made of parts. Owned by the device thread.
 *
 * @param resources what its life ends with
 */
public record ComposedModel(
    ModelInfo info,
    Prompt captionPrompt,
    PictureSlicer slicer,
    ImageCosts costs,
    ModelArithmetic arithmetic,
    VisualEncoder encoder,
    Optional<TextGenerator> generator,
    Optional<LabelScorer> scorer,
    Optional<Traceable> traceable,
    Resources resources)
    implements VisionLanguageModel {

  @Override
  public void close() {
    generator.ifPresent(TextGenerator::clear);
    resources.close();
  }
}
