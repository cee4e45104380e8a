package dev.sluice.models.families;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.models.GoldenFolders;
import dev.sluice.models.GoldenTensors;
import dev.sluice.models.HfGolden;
import dev.sluice.models.LabelScorer;
import dev.sluice.models.LoadOptions;
import dev.sluice.models.Models;
import dev.sluice.models.VisionLanguageModel;
import dev.sluice.models.memory.MemoryLedger;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.LabelQuestion;
import dev.sluice.models.value.LabelScores;
import dev.sluice.models.value.Prompt;
import dev.sluice.models.value.SlicedPicture;
import dev.sluice.models.value.TracePrompt;
import dev.sluice.models.value.TraceTensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every pair of picture and text of BLIP's image-text matching folders. */
class BlipMatchingGoldenTest {
  private static final double GREY_LEVEL = 0.0151;
  private static final double FEATURES = 1e-4;
  private static final double SCORES = 1e-4;

  @TestFactory
  Stream<DynamicTest> pairs_equalTheReference() throws IOException {
    List<HfGolden> folders = HfGolden.ofFamilies("blip_itm");
    GoldenFolders.requireFixtures(folders);
    return folders.stream()
        .map(golden -> DynamicTest.dynamicTest(golden.toString(), () -> check(golden)));
  }

  private static void check(HfGolden golden) throws Exception {
    List<String> texts = new ArrayList<>();
    golden.expected().get("texts").forEach(text -> texts.add(text.asText()));
    LabelQuestion question = new LabelQuestion(Prompt.of("{}"), texts);
    LoadOptions options = LoadOptions.DEFAULTS.withDtype(Dtype.FLOAT32).withThreads(1);
    MemoryLedger ledger = new MemoryLedger("cpu", 1L << 32);
    try (VisionLanguageModel model = Models.load(golden.model(), options, ledger);
        GoldenTensors tensors = golden.tensors()) {
      List<Float> pixels = new ArrayList<>();
      List<Float> features = new ArrayList<>();
      List<LabelScorer.Request> requests = new ArrayList<>();
      for (String name : pictures(golden)) {
        SlicedPicture picture = model.slicer().slice(golden.picture(name));
        Map<String, TraceTensor> stages =
            model.traceable().orElseThrow().trace(picture, new TracePrompt.Labels(question), 1);
        if (pixels.size() < tensors.floats("inputs.pixel_values").length) {
          addAll(pixels, stages.get("pixel_values"));
          addAll(features, stages.get("vision_last_hidden"));
        }
        checkLogits(golden, name, texts, ((TraceTensor.Floats) stages.get("itm_score")).values());
        requests.add(
            new LabelScorer.Request(model.encoder().encode(List.of(picture)).get(0), question));
      }
      tensors.checkPixels("inputs.pixel_values", toArray(pixels), GREY_LEVEL);
      tensors.check("vision_last_hidden", toArray(features), FEATURES, FEATURES);
      List<LabelScores> scores = model.scorer().orElseThrow().score(requests);
      for (int i = 0; i < scores.size(); i++) {
        for (int j = 0; j < texts.size(); j++) {
          JsonNode pair = pair(golden, pictures(golden).get(i), texts.get(j));
          assertThat(scores.get(i).scores().get(j))
              .isCloseTo(pair.get("itm_prob_match").doubleValue(), within(SCORES));
        }
      }
    }
    assertThat(ledger.usedBytes()).isZero();
  }

  private static void checkLogits(
      HfGolden golden, String picture, List<String> texts, float[] logits) {
    for (int i = 0; i < texts.size(); i++) {
      JsonNode expected = pair(golden, picture, texts.get(i)).get("itm_logits");
      assertThat(logits[2 * i]).isCloseTo(expected.get(0).floatValue(), within((float) SCORES));
      assertThat(logits[2 * i + 1]).isCloseTo(expected.get(1).floatValue(), within((float) SCORES));
    }
  }

  /** In the order of the pairs, each once. */
  private static List<String> pictures(HfGolden golden) {
    List<String> names = new ArrayList<>();
    for (JsonNode pair : golden.expected().get("pairs_single")) {
      String name = pair.get("image").asText();
      if (!names.contains(name)) {
        names.add(name);
      }
    }
    return names;
  }

  private static JsonNode pair(HfGolden golden, String picture, String text) {
    for (JsonNode pair : golden.expected().get("pairs_single")) {
      if (pair.get("image").asText().equals(picture) && pair.get("text").asText().equals(text)) {
        return pair;
      }
    }
    throw new AssertionError("no pair of " + picture + " and " + text);
  }

  private static void addAll(List<Float> values, TraceTensor tensor) {
    for (float value : ((TraceTensor.Floats) tensor).values()) {
      values.add(value);
    }
  }

  private static float[] toArray(List<Float> values) {
    float[] array = new float[values.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = values.get(i);
    }
    return array;
  }
}
