package dev.sluice.models.families;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.models.GoldenFolders;
import dev.sluice.models.GoldenTensors;
import dev.sluice.models.LoadOptions;
import dev.sluice.models.Models;
import dev.sluice.models.families.parts.ComposedModel;
import dev.sluice.models.families.parts.TextTrace;
import dev.sluice.models.families.parts.TileEncoder;
import dev.sluice.models.generation.PromptLayout;
import dev.sluice.models.generation.Sequence;
import dev.sluice.models.memory.MemoryLedger;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.GenerationOptions;
import dev.sluice.models.value.SlicedPicture;
import dev.sluice.models.value.TracePrompt;
import dev.sluice.models.value.VisualTokens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every number that the MiniGPT-4 golden folders hold, in float32, all pictures in one batch. */
class MiniGpt4GoldenTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double FEATURES = 1e-4;
  private static final double FEATURES_RELATIVE = 1e-5;
  private static final double PIXELS = 1e-5;
  private static final double LOGITS = 5e-4;
  private static final int LOGITS_EVERY = 16;
  private static final Map<String, String> STAGES =
      Map.of(
          "vit", "vision_last_hidden",
          "ln_vision", "ln_vision",
          "qformer", "qformer",
          "projected", "projector");

  /** A folder's model and what it must give. */
  private record Fixture(ComposedModel model, GoldenTensors golden, JsonNode images) {
    TextTrace text() {
      return (TextTrace) model.traceable().orElseThrow();
    }
  }

  @TestFactory
  Stream<DynamicTest> folders_equalTheReference() throws Exception {
    List<Path> folders = new ArrayList<>(GoldenFolders.named("minigpt4"));
    folders.addAll(GoldenFolders.named("minigpt4-llama2"));
    GoldenFolders.requireFixtures(folders);
    return folders.stream()
        .map(
            folder ->
                DynamicTest.dynamicTest(
                    String.valueOf(folder.getFileName()), () -> checkFolder(folder)));
  }

  private static void checkFolder(Path folder) throws Exception {
    MemoryLedger ledger = new MemoryLedger("cpu", 1L << 32);
    LoadOptions options = LoadOptions.DEFAULTS.withDtype(Dtype.FLOAT32).withThreads(1);
    try (ComposedModel model = (ComposedModel) Models.load(folder, options, ledger);
        GoldenTensors golden = new GoldenTensors(folder)) {
      JsonNode images = JSON.readTree(folder.resolve("expected.json").toFile()).get("images");
      Fixture fixture = new Fixture(model, golden, images);
      checkTexts(fixture, checkPictures(fixture, folder));
    }
    assertThat(ledger.usedBytes()).isZero();
  }

  // ---- pictures ------------------------------------------------------------------------------

  private static List<VisualTokens> checkPictures(Fixture fixture, Path folder) throws Exception {
    List<SlicedPicture> pictures = new ArrayList<>();
    for (int i = 0; i < fixture.images().size(); i++) {
      String file = fixture.images().get(i).get("file").asText();
      SlicedPicture picture = fixture.model().slicer().slice(bytes(folder, file));
      Map<String, float[]> found = new HashMap<>();
      ((TileEncoder) fixture.model().encoder())
          .encode(
              List.of(picture),
              (stage, tile, tensor) -> found.put(stage, Tensors.toFloats(tensor)));
      checkStages(fixture, "img" + i, fixture.images().get(i), found);
      pictures.add(picture);
    }
    return fixture.model().encoder().encode(pictures);
  }

  /** The exact pixels: where a folder has a JPEG, its decoded twin. */
  private static byte[] bytes(Path folder, String file) throws Exception {
    Path decoded = folder.resolve(file + ".decoded.png");
    return Files.readAllBytes(Files.exists(decoded) ? decoded : folder.resolve(file));
  }

  private static void checkStages(
      Fixture fixture, String name, JsonNode image, Map<String, float[]> found) {
    float[] pixels = found.get("pixel_values");
    GoldenTensors.checkDigest(name + ".pixels", image.get("pixels"), pixels);
    String whole = name + ".pixels";
    if (fixture.golden().has(whole) && fixture.golden().floats(whole).length == pixels.length) {
      fixture.golden().check(whole, pixels, PIXELS, 0); // of large pictures every third row is kept
    }
    STAGES.forEach(
        (kept, stage) -> {
          if (fixture.golden().has(name + "." + kept)) {
            assertThat(found).containsKey(stage);
            fixture
                .golden()
                .check(name + "." + kept, found.get(stage), FEATURES, FEATURES_RELATIVE);
          }
        });
    GoldenTensors.checkDigest(name + ".vit", image.get("vit"), found.get("vision_last_hidden"));
    GoldenTensors.checkDigest(name + ".projected", image.get("projected"), found.get("projector"));
  }

  // ---- texts ---------------------------------------------------------------------------------

  private static void checkTexts(Fixture fixture, List<VisualTokens> tokens) {
    List<List<Integer>> generated = new ArrayList<>();
    for (int i = 0; i < tokens.size(); i++) {
      JsonNode image = fixture.images().get(i);
      PromptLayout layout = layout(fixture, tokens.get(i), image);
      int newTokens = image.get("generated").size();
      GenerationOptions options = GenerationOptions.greedy(newTokens);
      checkPrompt(fixture, "img" + i, image, new Sequence(layout, tokens.get(i), options));
      List<Integer> ids = new ArrayList<>();
      generated.add(ids);
      fixture
          .text()
          .engine()
          .submit(layout, tokens.get(i), options, done -> ids.addAll(done.generated()));
    }
    while (fixture.text().engine().hasWork()) {
      fixture.text().engine().step();
    }
    for (int i = 0; i < tokens.size(); i++) {
      assertThat(generated.get(i))
          .as("generated ids of img%d, all together", i)
          .containsExactlyElementsOf(ints(fixture.images().get(i).get("generated")));
    }
  }

  /** The layout, from the ids with one mark for the picture. */
  private static PromptLayout layout(Fixture fixture, VisualTokens tokens, JsonNode image) {
    List<Integer> expected = ints(image.get("layout"));
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < expected.size(); i++) {
      if (expected.get(i) >= 0) {
        ids.add(expected.get(i));
      } else if (expected.get(i - 1) >= 0) {
        ids.add(TracePrompt.IMAGE_ID);
      }
    }
    PromptLayout layout = fixture.text().prompts().layout(tokens.plan(), ids);
    assertThat(IntStream.of(layout.toArray()).boxed().toList()).isEqualTo(expected);
    return layout;
  }

  private static void checkPrompt(Fixture fixture, String name, JsonNode image, Sequence sequence) {
    GoldenTensors.checkDigest(
        name + ".embeds", image.get("embeds"), fixture.text().runner().promptEmbeddings(sequence));
    List<float[]> logits = fixture.text().runner().allLogits(sequence);
    GoldenTensors.checkDigest(name + ".logits", image.get("logits"), flat(logits));
    List<float[]> kept = new ArrayList<>();
    for (int row = 0; row < logits.size(); row += LOGITS_EVERY) {
      kept.add(logits.get(row));
    }
    kept.add(logits.get(logits.size() - 1));
    fixture.golden().check(name + ".logits_every16th_and_last", flat(kept), LOGITS, 0);
  }

  // ---- arrays --------------------------------------------------------------------------------

  private static List<Integer> ints(JsonNode array) {
    return IntStream.range(0, array.size()).mapToObj(i -> array.get(i).intValue()).toList();
  }

  private static float[] flat(List<float[]> rows) {
    float[] all = new float[rows.size() * rows.get(0).length];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, all, i * rows.get(0).length, rows.get(0).length);
    }
    return all;
  }
}
