package dev.sluice.jobs.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.models.LabelScorer;
import dev.sluice.models.TextGenerator;
import dev.sluice.models.VisionLanguageModel;
import dev.sluice.models.image.PictureRejectedException;
import dev.sluice.models.value.GeneratedText;
import dev.sluice.models.value.GenerationOptions;
import dev.sluice.models.value.LabelQuestion;
import dev.sluice.models.value.LabelScores;
import dev.sluice.models.value.Prompt;
import dev.sluice.models.value.SlicePlan;
import dev.sluice.models.value.VisualTokens;
import java.util.ArrayList;
import java.util.List;

/** One picture through a model, without Flink. Used by the thread that owns the model. */
final class SingleRun {
  private final VisionLanguageModel model;
  private final VisualTokens tokens;

  SingleRun(VisionLanguageModel model, byte[] picture) throws PictureRejectedException {
    this.model = model;
    this.tokens = model.encoder().encode(List.of(model.slicer().slice(picture))).get(0);
  }

  void generate(Prompt prompt, int maxNewTokens, ObjectNode report) {
    TextGenerator generator = model.generator().orElseThrow();
    List<GeneratedText> done = new ArrayList<>();
    generator.submit(
        new TextGenerator.Request(tokens, prompt, GenerationOptions.greedy(maxNewTokens)),
        done::add);
    while (generator.hasWork()) {
      generator.step();
    }
    describePicture(report);
    GeneratedText text = done.get(0);
    report.put("text", text.text());
    report.put("finishReason", text.finishReason().name());
    report.put("tokenCount", text.tokenIds().size());
    report.put("meanLogprob", text.meanLogprob());
  }

  void score(Prompt prompt, List<String> labels, ObjectNode report) {
    LabelScorer scorer =
        model
            .scorer()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "--labels: family " + model.info().family() + " does not score labels"));
    LabelScores scores =
        scorer
            .score(List.of(new LabelScorer.Request(tokens, new LabelQuestion(prompt, labels))))
            .get(0);
    describePicture(report);
    report.put("scoreType", scores.type().name());
    if (scores.calibration() != null) {
      report.put("calibration", scores.calibration());
    }
    ObjectNode byLabel = report.putObject("scores");
    for (int i = 0; i < labels.size(); i++) {
      byLabel.put(labels.get(i), scores.scores().get(i));
    }
  }

  private void describePicture(ObjectNode report) {
    SlicePlan plan = tokens.plan();
    ObjectNode picture = report.putObject("picture");
    picture.put("width", plan.source().width());
    picture.put("height", plan.source().height());
    picture.putArray("grid").add(plan.columns()).add(plan.rows());
    picture.put("visualTokens", tokens.rows());
  }
}
