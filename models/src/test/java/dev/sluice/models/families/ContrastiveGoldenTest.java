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
import dev.sluice.models.value.VisualTokens;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every number of the golden folders whose families compare pictures with texts. */
class ContrastiveGoldenTest {
  private static final double PIXELS = 1e-6;
  private static final double FEATURES = 1e-4;
  private static final double LOGITS = 1e-3;
  private static final double PROBABILITIES = 1e-4;

  @TestFactory
  Stream<DynamicTest> folders_equalTheReference() throws IOException {
    List<HfGolden> folders = HfGolden.ofFamilies("clip", "siglip");
    GoldenFolders.requireFixtures(folders);
    return folders.stream()
        .map(golden -> DynamicTest.dynamicTest(golden.toString(), () -> check(golden)));
  }

  private static void check(HfGolden golden) throws Exception {
    MemoryLedger ledger = new MemoryLedger("cpu", 1L << 32);
    LoadOptions options = LoadOptions.DEFAULTS.withDtype(Dtype.FLOAT32).withThreads(1);
    try (VisionLanguageModel model = Models.load(golden.model(), options, ledger);
        GoldenTensors tensors = golden.tensors()) {
      List<SlicedPicture> pictures = new ArrayList<>();
      for (JsonNode name : golden.expected().get("image_order")) {
        pictures.add(model.slicer().slice(golden.picture(name.asText())));
      }
      LabelQuestion question = new LabelQuestion(Prompt.of("Which is it?"), labels(golden));
      for (int i = 0; i < pictures.size(); i++) {
        checkTrace(model, pictures.get(i), question, tensors, i);
      }
      checkBatch(model, pictures, question, tensors);
    }
    assertThat(ledger.usedBytes()).isZero();
  }

  private static List<String> labels(HfGolden golden) {
    List<String> labels = new ArrayList<>();
    golden.expected().get("labels").forEach(label -> labels.add(label.asText()));
    return labels;
  }

  private static void checkTrace(
      VisionLanguageModel model,
      SlicedPicture picture,
      LabelQuestion question,
      GoldenTensors golden,
      int row) {
    Map<String, TraceTensor> stages =
        model.traceable().orElseThrow().trace(picture, new TracePrompt.Labels(question), 1);
    golden.checkRow("inputs.pixel_values", row, floats(stages, "pixel_values"), PIXELS);
    golden.checkRow("vision_last_hidden", row, floats(stages, "vision_last_hidden"), FEATURES);
    golden.checkRow("image_embeds", row, floats(stages, "image_embeds"), FEATURES);
    golden.check("text_embeds", floats(stages, "text_embeds"), FEATURES, 0);
    golden.checkRow("logits_per_image", row, floats(stages, "logits_per_image"), LOGITS);
    golden.checkRow("probs", row, floats(stages, "probs"), PROBABILITIES);
  }

  private static float[] floats(Map<String, TraceTensor> stages, String name) {
    return ((TraceTensor.Floats) stages.get(name)).values();
  }

  /** All pictures in one batch, each asked twice: with the labels, and with them in a template. */
  private static void checkBatch(
      VisionLanguageModel model,
      List<SlicedPicture> pictures,
      LabelQuestion question,
      GoldenTensors golden) {
    List<VisualTokens> encoded = model.encoder().encode(pictures);
    List<LabelScorer.Request> requests = new ArrayList<>();
    LabelQuestion templated = new LabelQuestion(Prompt.of("{}"), question.options());
    for (VisualTokens tokens : encoded) {
      requests.add(new LabelScorer.Request(tokens, question));
      requests.add(new LabelScorer.Request(tokens, templated));
    }
    List<LabelScores> scores = model.scorer().orElseThrow().score(requests);
    float[] expected = golden.floats("probs");
    int labels = question.options().size();
    for (int i = 0; i < encoded.size(); i++) {
      golden.checkRow("image_features_unnormalized", i, floats(encoded.get(i)), FEATURES);
      for (int label = 0; label < labels; label++) {
        double probability = expected[i * labels + label];
        assertThat(scores.get(2 * i).scores().get(label))
            .isCloseTo(probability, within(PROBABILITIES));
        assertThat(scores.get(2 * i + 1).scores().get(label))
            .isCloseTo(probability, within(PROBABILITIES));
      }
    }
  }

  private static float[] floats(VisualTokens tokens) {
    FloatBuffer buffer =
        ByteBuffer.wrap(tokens.data()).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return values;
  }
}
