package dev.sluice.operators.describe;

import dev.sluice.models.LabelScorer;
import dev.sluice.models.TextGenerator;
import dev.sluice.models.image.PictureRejectedException;
import dev.sluice.models.value.GenerationOptions;
import dev.sluice.models.value.LabelQuestion;
import dev.sluice.models.value.LabelScores;
import dev.sluice.models.value.LabelScores.ScoreType;
import dev.sluice.models.value.Prompt;
import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.SlicePlan;
import dev.sluice.models.value.SlicedPicture;
import dev.sluice.models.value.VisualTokens;
import dev.sluice.operators.ModelRef;
import dev.sluice.operators.device.ModelHandle;
import dev.sluice.operators.device.Subject;
import dev.sluice.operators.device.Timed;
import dev.sluice.operators.stage.ImageWork;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Provenance;
import dev.sluice.serde.StageTimings;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * What one model does for one picture, and how much it was. Owned by the picture's chain of
 * futures, of which one link runs at a time.
 */
final class ModelPart {
  /** The score of one text says nothing where it depends on other texts. */
  private static final Set<ScoreType> INDEPENDENT =
      Set.of(ScoreType.IMAGE_TEXT_MATCH, ScoreType.SIGMOID);

  private final ModelHandle model;
  private final Subject subject;
  private int visualTokens;
  private long encodeMicros;
  private long decodeMicros;

  private ModelPart(ModelHandle model, Subject subject) {
    this.model = model;
    this.subject = subject;
  }

  static ModelPart of(ModelRef model, ImageWork work, ImageEvent event) {
    return new ModelPart(work.model(model), work.subject(event));
  }

  /** What the model is asked for a caption. */
  Prompt captionPrompt() {
    return model.captionPrompt();
  }

  SlicedPicture slice(RgbImage picture) throws PictureRejectedException {
    return model.slicer().slice(picture);
  }

  /** The model's words about a view. */
  CompletableFuture<String> write(SlicedPicture view, Prompt prompt, GenerationOptions options) {
    return encode(view)
        .thenCompose(
            tokens -> model.generate(new TextGenerator.Request(tokens, prompt, options), subject))
        .thenApply(text -> decoded(text).text().strip());
  }

  /** How well a text matches a view, 0 to 1. */
  CompletableFuture<Double> match(SlicedPicture view, Prompt prompt, String text) {
    LabelQuestion question = new LabelQuestion(prompt, List.of(text));
    return encode(view)
        .thenCompose(tokens -> model.score(new LabelScorer.Request(tokens, question), subject))
        .thenApply(scores -> independent(decoded(scores)).scores().get(0));
  }

  /**
   * How the part came to be.
   *
   * @param before what was done before the model's own work
   */
  Provenance provenance(Prompt prompt, SlicePlan plan, boolean degraded, StageTimings before) {
    return new Provenance(
        model.info(),
        null,
        prompt.id(),
        prompt.version(),
        plan,
        visualTokens,
        degraded,
        new StageTimings(before.readMicros(), before.sliceMicros(), encodeMicros, decodeMicros),
        Provenance.CacheUse.NONE,
        1);
  }

  private CompletableFuture<VisualTokens> encode(SlicedPicture view) {
    return model
        .encode(view, subject)
        .thenApply(
            encoded -> {
              encodeMicros += encoded.micros();
              visualTokens += encoded.value().rows();
              return encoded.value();
            });
  }

  private <T> T decoded(Timed<T> result) {
    decodeMicros += result.micros();
    return result.value();
  }

  private LabelScores independent(LabelScores scores) {
    if (!INDEPENDENT.contains(scores.type())) {
      throw new IllegalStateException(
          "match model %s (%s): expected scores of %s, found %s; use one for image-text matching"
              .formatted(
                  model.info().revision(), model.info().family(), INDEPENDENT, scores.type()));
    }
    return scores;
  }
}
