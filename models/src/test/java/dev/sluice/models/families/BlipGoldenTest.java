package dev.sluice.models.families;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.models.GoldenFolders;
import dev.sluice.models.GoldenTensors;
import dev.sluice.models.HfGolden;
import dev.sluice.models.LoadOptions;
import dev.sluice.models.Models;
import dev.sluice.models.TextGenerator;
import dev.sluice.models.VisionLanguageModel;
import dev.sluice.models.families.parts.TextTrace;
import dev.sluice.models.generation.Sequence;
import dev.sluice.models.memory.MemoryLedger;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.GeneratedText;
import dev.sluice.models.value.GenerationOptions;
import dev.sluice.models.value.Prompt;
import dev.sluice.models.value.SlicedPicture;
import dev.sluice.models.value.TracePrompt;
import dev.sluice.models.value.TraceTensor;
import dev.sluice.models.value.VisualTokens;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every caption of BLIP's golden folders, with and without a beginning, alone and together. */
class BlipGoldenTest {
  private static final double GREY_LEVEL = 0.0151;
  private static final double FEATURES = 1e-4;
  private static final double LOGITS = 1e-3;
  private static final int NEW_TOKENS = 20;

  private record Case(String name, Check check) {}

  private interface Check {
    void run(HfGolden golden, GoldenTensors tensors, VisionLanguageModel model) throws Exception;
  }

  private static final List<Case> CASES =
      List.of(
          new Case("towers", BlipGoldenTest::towers),
          new Case("captions alone", BlipGoldenTest::captionsAlone),
          new Case("captions together", BlipGoldenTest::captionsTogether),
          new Case("given beginnings", BlipGoldenTest::beginnings),
          new Case("every position", BlipGoldenTest::everyPosition));

  @TestFactory
  Stream<DynamicTest> captions_equalTheReference() throws IOException {
    List<HfGolden> folders = HfGolden.ofFamilies("blip_caption");
    GoldenFolders.requireFixtures(folders);
    return folders.stream()
        .flatMap(
            golden ->
                CASES.stream()
                    .map(
                        test ->
                            DynamicTest.dynamicTest(
                                golden + " " + test.name(), () -> run(golden, test.check()))));
  }

  private static void run(HfGolden golden, Check check) throws Exception {
    MemoryLedger ledger = new MemoryLedger("cpu", 1L << 32);
    LoadOptions options = LoadOptions.DEFAULTS.withDtype(Dtype.FLOAT32).withThreads(1);
    try (VisionLanguageModel model = Models.load(golden.model(), options, ledger);
        GoldenTensors tensors = golden.tensors()) {
      check.run(golden, tensors, model);
    }
    assertThat(ledger.usedBytes()).isZero();
  }

  private static void towers(HfGolden golden, GoldenTensors tensors, VisionLanguageModel model)
      throws Exception {
    List<Float> pixels = new ArrayList<>();
    List<Float> features = new ArrayList<>();
    for (SlicedPicture picture : pictures(golden, model)) {
      Map<String, TraceTensor> stages = trace(model, picture, "", 1);
      addAll(pixels, stages.get("pixel_values"));
      addAll(features, stages.get("vision_last_hidden"));
    }
    tensors.checkPixels("pixel_values", toArray(pixels), GREY_LEVEL);
    tensors.check("vision_last_hidden", toArray(features), FEATURES, FEATURES);
  }

  private static void captionsAlone(
      HfGolden golden, GoldenTensors tensors, VisionLanguageModel model) throws Exception {
    List<SlicedPicture> pictures = pictures(golden, model);
    for (int i = 0; i < pictures.size(); i++) {
      String name = "caption_single" + i;
      Map<String, TraceTensor> stages = trace(model, pictures.get(i), "", NEW_TOKENS);
      tensors.check(name + ".first_step_logits", floats(stages, "logits_last"), LOGITS, 0);
      assertThat(longs(stages, "generated_ids")).as(name).isEqualTo(expectedIds(golden, name, 0));
    }
  }

  private static void captionsTogether(
      HfGolden golden, GoldenTensors tensors, VisionLanguageModel model) throws Exception {
    List<VisualTokens> tokens = model.encoder().encode(pictures(golden, model));
    TextGenerator generator = model.generator().orElseThrow();
    GeneratedText[] captions = new GeneratedText[tokens.size()];
    for (int i = 0; i < captions.length; i++) {
      int index = i;
      generator.submit(
          new TextGenerator.Request(
              tokens.get(i), model.captionPrompt(), GenerationOptions.greedy(NEW_TOKENS)),
          text -> captions[index] = text);
    }
    while (generator.hasWork()) {
      generator.step();
    }
    for (int i = 0; i < captions.length; i++) {
      JsonNode item = golden.expected().at("/items/caption_single" + i);
      long[] expected = expectedIds(golden, "caption_single" + i, 0);
      boolean stopped = captions[i].finishReason() == GeneratedText.FinishReason.STOP;
      assertThat(captions[i].tokenIds().stream().mapToLong(Integer::longValue).toArray())
          .isEqualTo(Arrays.copyOf(expected, expected.length - (stopped ? 1 : 0)));
      assertThat(captions[i].text()).isEqualTo(item.at("/decoded_whole_sequence/0").asText());
    }
  }

  /** The reference's own batch of unequal beginnings is left out: it keeps their end tokens. */
  private static void beginnings(HfGolden golden, GoldenTensors tensors, VisionLanguageModel model)
      throws Exception {
    SlicedPicture picture = pictures(golden, model).get(0);
    for (String name : List.of("prompted0", "prompted1")) {
      JsonNode item = golden.expected().get("items").get(name);
      String begun = item.get("text").asText();
      Map<String, TraceTensor> stages = trace(model, picture, begun, NEW_TOKENS);
      tensors.check(name + ".first_step_logits", floats(stages, "logits_last"), LOGITS, 0);
      assertThat(longs(stages, "generated_ids")).as(name).isEqualTo(expectedIds(golden, name, 0));
      VisualTokens tokens = model.encoder().encode(List.of(picture)).get(0);
      List<GeneratedText> texts = new ArrayList<>();
      TextGenerator generator = model.generator().orElseThrow();
      generator.submit(
          new TextGenerator.Request(tokens, Prompt.of(begun), GenerationOptions.greedy(NEW_TOKENS)),
          texts::add);
      while (generator.hasWork()) {
        generator.step();
      }
      assertThat(texts.get(0).text()).isEqualTo(item.at("/decoded_whole_sequence/0").asText());
    }
  }

  private static void everyPosition(
      HfGolden golden, GoldenTensors tensors, VisionLanguageModel model) throws Exception {
    TextTrace trace = (TextTrace) model.traceable().orElseThrow();
    byte[] encoded = golden.picture(golden.expected().at("/teacher/image").asText());
    SlicedPicture picture = model.slicer().slice(encoded);
    List<Integer> ids =
        Arrays.stream(tensors.longs("teacher.input_ids")).mapToObj(Math::toIntExact).toList();
    Sequence sequence =
        new Sequence(
            trace.prompts().layout(picture.plan(), ids),
            model.encoder().encode(List.of(picture)).get(0),
            GenerationOptions.greedy(1));
    List<Float> logits = new ArrayList<>();
    for (float[] row : trace.runner().allLogits(sequence)) {
      for (float value : row) {
        logits.add(value);
      }
    }
    tensors.check("teacher.logits", toArray(logits), LOGITS, 0);
  }

  private static List<SlicedPicture> pictures(HfGolden golden, VisionLanguageModel model)
      throws Exception {
    List<SlicedPicture> pictures = new ArrayList<>();
    for (JsonNode name : golden.expected().get("image_order")) {
      pictures.add(model.slicer().slice(golden.picture(name.asText())));
    }
    return pictures;
  }

  private static Map<String, TraceTensor> trace(
      VisionLanguageModel model, SlicedPicture picture, String begun, int newTokens) {
    return model
        .traceable()
        .orElseThrow()
        .trace(picture, new TracePrompt.Templated(Prompt.of(begun)), newTokens);
  }

  private static long[] expectedIds(HfGolden golden, String item, int index) {
    JsonNode ids = golden.expected().get("items").get(item).get("new_ids_until_end").get(0);
    JsonNode row = ids.get(index);
    long[] values = new long[row.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = row.get(i).longValue();
    }
    return values;
  }

  private static float[] floats(Map<String, TraceTensor> stages, String name) {
    return ((TraceTensor.Floats) stages.get(name)).values();
  }

  private static long[] longs(Map<String, TraceTensor> stages, String name) {
    return ((TraceTensor.Longs) stages.get(name)).values();
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
