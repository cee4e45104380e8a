package dev.sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import dev.sluice.models.value.Size;
import dev.sluice.models.value.SlicePlan;
import dev.sluice.models.value.SlicedPicture;
import dev.sluice.models.value.VisualTokens;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The embedded model gives what the program that trained it wrote down, in float32. */
class EmbeddedModelTest {
  private static final double FEATURES = 1e-4;
  private static final double PROBABILITIES = 1e-4;

  private static JsonNode expected;
  private static VisionLanguageModel model;
  private static SlicedPicture picture;
  private static VisualTokens tokens;

  @BeforeAll
  static void load() throws Exception {
    Path trace = resource("/embedded-trace");
    expected = new ObjectMapper().readTree(trace.resolve("expected.json").toFile());
    LoadOptions options = LoadOptions.DEFAULTS.withDtype(Dtype.FLOAT32);
    MemoryLedger ledger = new MemoryLedger("cpu", 1L << 30);
    model = Models.load(resource("/dev/sluice/embedded-model"), options, ledger);
    byte[] encoded = Files.readAllBytes(trace.resolve(expected.get("picture").asText()));
    picture = model.slicer().slice(encoded);
    tokens = model.encoder().encode(List.of(picture)).get(0);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void plan_equalsTheTrace() {
    JsonNode plan = expected.get("plan");
    SlicePlan found = picture.plan();
    assertThat(found.columns()).isEqualTo(plan.get("columns").intValue());
    assertThat(found.rows()).isEqualTo(plan.get("rows").intValue());
    assertThat(found.slice()).isEqualTo(size(plan.get("slice")));
    assertThat(found.overview()).isEqualTo(size(plan.get("overview")));
  }

  @Test
  void tokens_equalTheTrace() {
    int separators = picture.plan().sliceCount();
    assertThat(tokens.rows() + separators).isEqualTo(expected.get("visual_tokens").intValue());
    int overview = tokens.rows() / picture.plan().tileCount() * separators;
    check("slice0_tokens_first4", 0);
    check("overview_tokens_first4", overview);
  }

  @Test
  void caption_equalsTheTrace() {
    TextGenerator generator = model.generator().orElseThrow();
    Prompt prompt = Prompt.of(expected.get("caption_prompt").asText());
    List<GeneratedText> done = new ArrayList<>();
    generator.submit(
        new TextGenerator.Request(tokens, prompt, GenerationOptions.greedy(48)), done::add);
    while (generator.hasWork()) {
      generator.step();
    }
    List<Integer> ids = new ArrayList<>();
    expected.get("caption_ids").forEach(id -> ids.add(id.intValue()));
    assertThat(done).hasSize(1);
    assertThat(done.get(0).tokenIds()).isEqualTo(ids);
    assertThat(done.get(0).text()).isEqualTo(expected.get("caption").asText());
  }

  /** With one option more, which the calibration does not cover and the trace does not have. */
  @Test
  void labels_equalTheTrace() {
    List<String> options = options();
    List<String> more = new ArrayList<>(options);
    more.add("striped");
    LabelScores scores = score(more);
    double sum = scores.scores().subList(0, options.size()).stream().mapToDouble(s -> s).sum();
    assertThat(scores.calibration()).isNull();
    for (int i = 0; i < options.size(); i++) {
      assertThat(scores.scores().get(i) / sum)
          .as(options.get(i))
          .isCloseTo(
              expected.get("labels").get(options.get(i)).doubleValue(), within(PROBABILITIES));
    }
  }

  @Test
  void labels_ofItsOwnQuestion_areCalibrated() throws Exception {
    JsonNode file =
        new ObjectMapper()
            .readTree(resource("/dev/sluice/embedded-model").resolve("calibration.json").toFile());
    JsonNode fitted = file.get("questions").get(expected.get("label_prompt").asText());
    List<String> options = options();
    double[] weights = new double[options.size()];
    for (int i = 0; i < weights.length; i++) {
      String option = options.get(i);
      double logit = Math.log(expected.get("labels").get(option).doubleValue());
      weights[i] =
          Math.exp(
              logit / fitted.get("temperature").doubleValue()
                  + fitted.get("biases").get(option).doubleValue());
    }
    double sum = Arrays.stream(weights).sum();

    LabelScores scores = score(options);

    assertThat(scores.calibration()).isEqualTo(file.get("version").asText());
    for (int i = 0; i < weights.length; i++) {
      assertThat(scores.scores().get(i))
          .as(options.get(i))
          .isCloseTo(weights[i] / sum, within(1e-3));
    }
  }

  private static List<String> options() {
    List<String> options = new ArrayList<>();
    expected.get("labels").fieldNames().forEachRemaining(options::add);
    return options;
  }

  private static LabelScores score(List<String> options) {
    LabelQuestion question =
        new LabelQuestion(Prompt.of(expected.get("label_prompt").asText()), options);
    return model
        .scorer()
        .orElseThrow()
        .score(List.of(new LabelScorer.Request(tokens, question)))
        .get(0);
  }

  private static void check(String name, int row) {
    var values = ByteBuffer.wrap(tokens.data()).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    for (int i = 0; i < expected.get(name).size(); i++) {
      assertThat((double) values.get(row * tokens.width() + i))
          .as("%s[%d]", name, i)
          .isCloseTo(expected.get(name).get(i).doubleValue(), within(FEATURES));
    }
  }

  private static Size size(JsonNode pair) {
    return new Size(pair.get(0).intValue(), pair.get(1).intValue());
  }

  private static Path resource(String name) throws Exception {
    return Path.of(EmbeddedModelTest.class.getResource(name).toURI());
  }
}
