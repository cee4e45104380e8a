package dev.sluice.models.families;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.models.GoldenFolders;
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
import dev.sluice.models.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the golden folders of BLIP-2 and InstructBLIP do not show. */
class Blip2Test {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path BLIP_2 = GoldenFolders.fixture("blip2").resolve("ckpt");
  private static final LoadOptions OPTIONS =
      LoadOptions.DEFAULTS.withDtype(Dtype.FLOAT32).withThreads(1);
  private static final Prompt QUESTION = Prompt.of("What is in the image?");

  @TempDir Path folder;

  /** The ids are those of " cat" and " dog", as they follow the prompt. */
  @ParameterizedTest
  @CsvSource({"blip2, 400, 466", "instructblip, 443, 456"})
  void score_ofTwoPictures_isTheSoftmaxOfTheAnswersTokens(String golden, int cat, int dog)
      throws Exception {
    try (VisionLanguageModel model = load(GoldenFolders.fixture(golden).resolve("ckpt"))) {
      LabelQuestion question = new LabelQuestion(QUESTION, List.of("cat", "dog"));
      List<SlicedPicture> pictures = pictures(model);
      List<LabelScorer.Request> requests = new ArrayList<>();
      for (VisualTokens tokens : model.encoder().encode(pictures)) {
        requests.add(new LabelScorer.Request(tokens, question));
      }

      List<LabelScores> scores = model.scorer().orElseThrow().score(requests);

      for (int i = 0; i < pictures.size(); i++) {
        float[] logits = lastLogits(model, pictures.get(i));
        double expected = 1 / (1 + Math.exp(logits[dog] - logits[cat]));
        assertThat(scores.get(i).scores().get(0)).isCloseTo(expected, within(1e-5));
        assertThat(scores.get(i).scores().get(1)).isCloseTo(1 - expected, within(1e-5));
      }
    }
  }

  /** Folders from before the processor knew of image tokens: the features stand before the text. */
  @Test
  void folderWithoutImageTokens_givesTheSameText() throws Exception {
    copy(config -> config.remove("image_token_index"));
    Files.delete(folder.resolve("processor_config.json"));
    try (VisionLanguageModel model = load(BLIP_2);
        VisionLanguageModel old = load(folder)) {
      SlicedPicture picture = pictures(model).get(0);

      assertThat(lastLogits(old, picture)).isEqualTo(lastLogits(model, picture));
      assertThat(model.encoder().encode(List.of(picture)).get(0).rows()).isEqualTo(8);
    }
  }

  @Test
  void languageModelsThatAreNotThere_areRefused() throws IOException {
    copy(config -> config.put("use_decoder_only_language_model", false));
    assertThatThrownBy(() -> Models.describe(folder, OPTIONS))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("'use_decoder_only_language_model': expected true (T5 is not");

    copy(config -> ((ObjectNode) config.get("text_config")).put("do_layer_norm_before", false));
    assertThatThrownBy(() -> Models.describe(folder, OPTIONS))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("'text_config.do_layer_norm_before': expected true, found false");
  }

  private interface Edit {
    void of(ObjectNode config);
  }

  /** The BLIP-2 fixture with another configuration. */
  private void copy(Edit edit) throws IOException {
    try (Stream<Path> files = Files.list(BLIP_2)) {
      for (Path file : files.toList()) {
        Files.write(folder.resolve(file.getFileName()), Files.readAllBytes(file));
      }
    }
    Path file = folder.resolve("config.json");
    ObjectNode config = (ObjectNode) JSON.readTree(file.toFile());
    edit.of(config);
    JSON.writeValue(file.toFile(), config);
  }

  private static VisionLanguageModel load(Path model) {
    return Models.load(model, OPTIONS, new MemoryLedger("cpu", 1L << 32));
  }

  private static List<SlicedPicture> pictures(VisionLanguageModel model) throws Exception {
    List<SlicedPicture> pictures = new ArrayList<>();
    for (String file : List.of("astronaut_256x256.png", "rocket_150x320.png")) {
      byte[] picture = Files.readAllBytes(GoldenFolders.fixture("pictures").resolve(file));
      pictures.add(model.slicer().slice(picture));
    }
    return pictures;
  }

  private static float[] lastLogits(VisionLanguageModel model, SlicedPicture picture) {
    Map<String, TraceTensor> stages =
        model.traceable().orElseThrow().trace(picture, new TracePrompt.Templated(QUESTION), 1);
    return ((TraceTensor.Floats) stages.get("logits_last")).values();
  }
}
