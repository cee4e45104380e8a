package dev.sluice.models.families;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.models.GoldenFolders;
import dev.sluice.models.GoldenTensors;
import dev.sluice.models.HfGolden;
import dev.sluice.models.LabelScorer;
import dev.sluice.models.LoadOptions;
import dev.sluice.models.Models;
import dev.sluice.models.TextGenerator;
import dev.sluice.models.VisionLanguageModel;
import dev.sluice.models.memory.MemoryLedger;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.GeneratedText;
import dev.sluice.models.value.GenerationOptions;
import dev.sluice.models.value.LabelQuestion;
import dev.sluice.models.value.LabelScores;
import dev.sluice.models.value.Prompt;
import dev.sluice.models.value.SlicedPicture;
import dev.sluice.models.value.TracePrompt;
import dev.sluice.models.value.TraceTensor;
import dev.sluice.models.value.VisualTokens;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every picture and question of the ViLT golden folders, alone and all in one batch. */
class ViltGoldenTest {
  private static final double PIXELS = 1e-6;
  private static final double LOGITS = 1e-4;

  @TestFactory
  Stream<DynamicTest> folders_equalTheReference() throws IOException {
    List<HfGolden> folders = HfGolden.ofFamilies("vilt");
    GoldenFolders.requireFixtures(folders);
    return folders.stream()
        .map(golden -> DynamicTest.dynamicTest(golden.toString(), () -> check(golden)));
  }

  private static void check(HfGolden golden) throws Exception {
    MemoryLedger ledger = new MemoryLedger("cpu", 1L << 32);
    LoadOptions options =
        LoadOptions.DEFAULTS.withDtype(Dtype.FLOAT32).withThreads(1).withSequences(5);
    try (VisionLanguageModel model = Models.load(golden.model(), options, ledger);
        GoldenTensors tensors = golden.tensors()) {
      List<SlicedPicture> pictures = new ArrayList<>();
      for (JsonNode name : golden.expected().get("image_order")) {
        pictures.add(model.slicer().slice(golden.picture(name.asText())));
      }
      checkTraces(model, pictures, golden.expected().get("questions"), tensors);
      checkBatch(model, pictures, golden);
    }
    assertThat(ledger.usedBytes()).isZero();
  }

  private static void checkTraces(
      VisionLanguageModel model,
      List<SlicedPicture> pictures,
      JsonNode questions,
      GoldenTensors golden) {
    for (int picture = 0; picture < pictures.size(); picture++) {
      for (int question = 0; question < questions.size(); question++) {
        Prompt prompt = Prompt.of(questions.get(question).asText());
        Map<String, TraceTensor> stages =
            model
                .traceable()
                .orElseThrow()
                .trace(pictures.get(picture), new TracePrompt.Templated(prompt), 1);
        golden.check("pixel_values." + picture, floats(stages, "pixel_values"), PIXELS, 0);
        assertThat(((TraceTensor.Longs) stages.get("input_ids")).values())
            .isEqualTo(golden.longs("input_ids." + question));
        golden.check("logits." + picture + "." + question, floats(stages, "logits"), LOGITS, 0);
      }
    }
  }

  private static float[] floats(Map<String, TraceTensor> stages, String name) {
    return ((TraceTensor.Floats) stages.get(name)).values();
  }

  /** Pictures of several shapes at once, in steps of fewer than there are. */
  private static void checkBatch(
      VisionLanguageModel model, List<SlicedPicture> pictures, HfGolden golden) {
    List<VisualTokens> encoded = model.encoder().encode(pictures);
    JsonNode order = golden.expected().get("image_order");
    TextGenerator generator = model.generator().orElseThrow();
    List<LabelScorer.Request> requests = new ArrayList<>();
    List<String> found = new ArrayList<>();
    List<String> best = new ArrayList<>();
    List<Double> odds = new ArrayList<>();
    for (JsonNode item : golden.expected().get("single")) {
      VisualTokens tokens = encoded.get(index(order, item.get("image").asText()));
      Prompt prompt = Prompt.of(item.get("question").asText());
      generator.submit(
          new TextGenerator.Request(tokens, prompt, GenerationOptions.greedy(1)),
          (GeneratedText answer) -> found.add(answer.text()));
      JsonNode first = item.get("top5").get(0);
      JsonNode second = item.get("top5").get(1);
      best.add(first.get("answer").asText());
      List<String> options = List.of(first.get("answer").asText(), second.get("answer").asText());
      requests.add(new LabelScorer.Request(tokens, new LabelQuestion(prompt, options)));
      odds.add(first.get("logit").doubleValue() - second.get("logit").doubleValue());
    }
    while (generator.hasWork()) {
      generator.step();
    }
    assertThat(found).isEqualTo(best);
    List<LabelScores> scores = model.scorer().orElseThrow().score(requests);
    for (int i = 0; i < odds.size(); i++) {
      double expected = 1 / (1 + Math.exp(-odds.get(i)));
      assertThat(scores.get(i).scores().get(0)).isCloseTo(expected, within(LOGITS));
    }
    checkUnknownOption(model.scorer().orElseThrow(), encoded.get(0));
  }

  private static void checkUnknownOption(LabelScorer scorer, VisualTokens tokens) {
    LabelQuestion question = new LabelQuestion(Prompt.of("Is it?"), List.of("yes", "perhaps so"));
    assertThatThrownBy(() -> scorer.score(List.of(new LabelScorer.Request(tokens, question))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("option 'perhaps so': expected one of the model's");
  }

  private static int index(JsonNode order, String name) {
    for (int i = 0; i < order.size(); i++) {
      if (order.get(i).asText().equals(name)) {
        return i;
      }
    }
    throw new IllegalArgumentException("image_order: expected " + name + ", found " + order);
  }
}
