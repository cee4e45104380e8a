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
import dev.sluice.models.families.parts.TraceRecorder;
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
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every item of the golden folders whose families answer a question about a picture in words. */
class TextFamiliesGoldenTest {
  private static final double GREY_LEVEL = 0.0151;
  private static final double FEATURES = 1e-4;
  private static final double LOGITS = 1e-3;

  @TestFactory
  Stream<DynamicTest> items_equalTheReference() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (HfGolden golden : HfGolden.ofFamilies("llava", "blip2", "instructblip")) {
      for (Iterator<String> names = golden.expected().get("items").fieldNames();
          names.hasNext(); ) {
        String item = names.next();
        if (item.startsWith("single")) {
          tests.add(DynamicTest.dynamicTest(golden + " " + item, () -> single(golden, item)));
        } else if (item.equals("batch3")) {
          tests.add(DynamicTest.dynamicTest(golden + " " + item, () -> batch(golden, item)));
        } else if (item.equals("caption_no_text")) {
          tests.add(DynamicTest.dynamicTest(golden + " " + item, () -> caption(golden, item)));
        }
      }
    }
    GoldenFolders.requireFixtures(tests);
    return tests.stream();
  }

  private static void single(HfGolden golden, String name) throws Exception {
    JsonNode item = golden.expected().get("items").get(name);
    try (VisionLanguageModel model = load(golden);
        GoldenTensors tensors = golden.tensors()) {
      SlicedPicture picture = picture(golden, model, item, 0);
      Prompt question = Prompt.of(item.get("questions").get(0).asText());
      Map<String, TraceTensor> stages =
          model
              .traceable()
              .orElseThrow()
              .trace(picture, new TracePrompt.Templated(question), maxNewTokens(golden));
      tensors.checkPixels(name + ".pixel_values", floats(stages, "pixel_values"), GREY_LEVEL);
      for (String stage : List.of("vision_last_hidden", "qformer", "projector")) {
        if (tensors.has(name + "." + stage)) {
          tensors.check(name + "." + stage, floats(stages, stage), FEATURES, FEATURES);
        }
      }
      assertThat(longs(stages, "input_ids")).isEqualTo(tensors.longs(name + ".input_ids"));
      TextTrace trace = (TextTrace) model.traceable().orElseThrow();
      VisualTokens tokens =
          trace.picture().tokens(picture, new TracePrompt.Templated(question), new TraceRecorder());
      checkLogits(trace, tokens, longs(stages, "input_ids"), tensors, name);
      assertThat(longs(stages, "generated_ids"))
          .isEqualTo(ids(item.get("generated_ids_until_end").get(0)));
      long[] raw =
          longs(
              model
                  .traceable()
                  .orElseThrow()
                  .trace(
                      picture,
                      new TracePrompt.Raw(item.get("prompt_text_before_expansion").get(0).asText()),
                      1),
              "input_ids");
      assertThat(raw).as("ids of the raw prompt").isEqualTo(tensors.longs(name + ".input_ids"));
    }
  }

  /** A caption from its first word on: the picture, and the begin token alone. */
  private static void caption(HfGolden golden, String name) throws Exception {
    JsonNode item = golden.expected().get("items").get(name);
    try (VisionLanguageModel model = load(golden);
        GoldenTensors tensors = golden.tensors()) {
      Map<String, TraceTensor> stages =
          model
              .traceable()
              .orElseThrow()
              .trace(
                  picture(golden, model, item, 0),
                  new TracePrompt.Templated(model.captionPrompt()),
                  maxNewTokens(golden));
      tensors.check(name + ".first_step_logits", floats(stages, "logits_last"), LOGITS, 0);
      long[] generated = ids(item.get("new_ids_until_end").get(0));
      assertThat(longs(stages, "generated_ids")).isEqualTo(generated);
      assertThat(tensors.longs(name + ".sequences"))
          .startsWith(longs(stages, "input_ids"))
          .endsWith(generated);
    }
  }

  private static void checkLogits(
      TextTrace trace, VisualTokens tokens, long[] ids, GoldenTensors tensors, String name) {
    List<Integer> boxed = Arrays.stream(ids).mapToObj(Math::toIntExact).toList();
    Sequence sequence =
        new Sequence(
            trace.prompts().layout(tokens.plan(), boxed), tokens, GenerationOptions.greedy(1));
    List<float[]> logits = trace.runner().allLogits(sequence);
    if (tensors.has(name + ".logits")) {
      tensors.check(name + ".logits", flat(logits), LOGITS, 0);
    } else {
      tensors.check(name + ".logits_last", logits.get(logits.size() - 1), LOGITS, 0);
    }
  }

  /** Many pictures and prompts at once: the ids that each has alone. */
  private static void batch(HfGolden golden, String name) throws Exception {
    JsonNode item = golden.expected().get("items").get(name);
    try (VisionLanguageModel model = load(golden)) {
      List<SlicedPicture> pictures = new ArrayList<>();
      for (int i = 0; i < item.get("images").size(); i++) {
        pictures.add(picture(golden, model, item, i));
      }
      List<VisualTokens> tokens = model.encoder().encode(pictures);
      TextGenerator generator = model.generator().orElseThrow();
      GeneratedText[] texts = new GeneratedText[tokens.size()];
      for (int i = 0; i < texts.length; i++) {
        int index = i;
        generator.submit(
            new TextGenerator.Request(
                tokens.get(i),
                Prompt.of(item.get("questions").get(i).asText()),
                GenerationOptions.greedy(maxNewTokens(golden))),
            text -> texts[index] = text);
      }
      while (generator.hasWork()) {
        generator.step();
      }
      for (int i = 0; i < texts.length; i++) {
        JsonNode alone = alone(golden, item, i);
        List<Integer> expected = new ArrayList<>();
        for (long id : ids(alone.get("generated_ids_until_end").get(0))) {
          expected.add((int) id);
        }
        if (texts[i].finishReason() == GeneratedText.FinishReason.STOP) {
          expected.remove(expected.size() - 1);
        }
        assertThat(texts[i].tokenIds()).as("text %d", i).isEqualTo(expected);
        // The reference's text shows an end token that is a line break.
        assertThat(texts[i].text().stripTrailing())
            .isEqualTo(alone.get("decoded").get(0).asText().stripTrailing());
      }
    }
  }

  /**
   * The item that has one of a batch's questions alone. InstructBLIP's own batches differ from it,
   * because the reference pads its instructions on the left.
   */
  private static JsonNode alone(HfGolden golden, JsonNode batch, int index) {
    for (JsonNode item : golden.expected().get("items")) {
      if (item.path("questions").size() == 1
          && item.get("images").get(0).equals(batch.get("images").get(index))
          && item.get("questions").get(0).equals(batch.get("questions").get(index))) {
        return item;
      }
    }
    throw new AssertionError("no item has question %d of the batch alone".formatted(index));
  }

  private static VisionLanguageModel load(HfGolden golden) {
    LoadOptions options = LoadOptions.DEFAULTS.withDtype(Dtype.FLOAT32).withThreads(1);
    return Models.load(golden.model(), options, new MemoryLedger("cpu", 1L << 32));
  }

  private static SlicedPicture picture(
      HfGolden golden, VisionLanguageModel model, JsonNode item, int index) throws Exception {
    return model.slicer().slice(golden.picture(item.get("images").get(index).asText()));
  }

  private static int maxNewTokens(HfGolden golden) {
    return golden.expected().get("greedy_kwargs").get("max_new_tokens").intValue();
  }

  private static float[] floats(Map<String, TraceTensor> stages, String name) {
    assertThat(stages).containsKey(name);
    return ((TraceTensor.Floats) stages.get(name)).values();
  }

  private static long[] longs(Map<String, TraceTensor> stages, String name) {
    return ((TraceTensor.Longs) stages.get(name)).values();
  }

  private static long[] ids(JsonNode array) {
    long[] ids = new long[array.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = array.get(i).longValue();
    }
    return ids;
  }

  private static float[] flat(List<float[]> rows) {
    float[] all = new float[rows.size() * rows.get(0).length];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, all, i * rows.get(0).length, rows.get(0).length);
    }
    return all;
  }
}
