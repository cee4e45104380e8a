package dev.sluice.jobs.cli;

import dev.sluice.jobs.scenes.SceneReader;
import dev.sluice.models.LabelScorer;
import dev.sluice.models.TextGenerator;
import dev.sluice.models.VisionLanguageModel;
import dev.sluice.models.image.PictureRejectedException;
import dev.sluice.models.value.GenerationOptions;
import dev.sluice.models.value.LabelQuestion;
import dev.sluice.models.value.LabelScores;
import dev.sluice.models.value.Prompt;
import dev.sluice.models.value.SlicedPicture;
import dev.sluice.models.value.VisualTokens;
import dev.sluice.operators.decode.Judgement;
import dev.sluice.serde.ModerationPolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads scenes with the engine, without Flink. Used by the thread that owns the model. */
final class EngineSceneReader implements SceneReader {
  private static final GenerationOptions OPTIONS = GenerationOptions.greedy(64);

  private final VisionLanguageModel model;
  private final ModerationPolicy policy;
  private final TextGenerator generator;
  private final LabelScorer scorer;

  EngineSceneReader(VisionLanguageModel model, ModerationPolicy policy) {
    this.model = model;
    this.policy = policy;
    this.generator = model.generator().orElseThrow();
    this.scorer = model.scorer().orElseThrow();
  }

  @Override
  public List<Reading> read(List<byte[]> pictures) {
    List<VisualTokens> tokens = model.encoder().encode(pictures.stream().map(this::slice).toList());
    Map<Integer, String> captions = new HashMap<>();
    for (int i = 0; i < tokens.size(); i++) {
      int number = i;
      generator.submit(
          new TextGenerator.Request(tokens.get(i), model.captionPrompt(), OPTIONS),
          text -> captions.put(number, text.text()));
    }
    while (generator.hasWork()) {
      generator.step();
    }
    List<LabelScores> scores = score(tokens);
    List<Reading> readings = new ArrayList<>();
    for (int i = 0; i < tokens.size(); i++) {
      readings.add(
          new Reading(
              captions.getOrDefault(i, ""),
              byOption(scores.get(i)),
              Judgement.decide(policy, scores.get(i))));
    }
    return readings;
  }

  /** The scores of the policy's options alone, one answer for each picture, in their order. */
  List<Map<String, Double>> scores(List<byte[]> pictures) {
    List<VisualTokens> tokens = model.encoder().encode(pictures.stream().map(this::slice).toList());
    return score(tokens).stream().map(this::byOption).toList();
  }

  private List<LabelScores> score(List<VisualTokens> tokens) {
    LabelQuestion question =
        new LabelQuestion(
            new Prompt(policy.id(), policy.version(), policy.question()), policy.options());
    return scorer.score(tokens.stream().map(t -> new LabelScorer.Request(t, question)).toList());
  }

  private SlicedPicture slice(byte[] picture) {
    try {
      return model.slicer().slice(picture);
    } catch (PictureRejectedException e) {
      throw new IllegalStateException("scene: the engine rejects it: " + e.getMessage(), e);
    }
  }

  private Map<String, Double> byOption(LabelScores scores) {
    Map<String, Double> byOption = new LinkedHashMap<>();
    for (int i = 0; i < policy.options().size(); i++) {
      byOption.put(policy.options().get(i), scores.scores().get(i));
    }
    return byOption;
  }
}
