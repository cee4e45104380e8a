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
import dev.sluice.models.value.Size;
import dev.sluice.models.value.SlicePlan;
import dev.sluice.models.value.SlicedPicture;
import dev.sluice.models.value.VisualTokens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every number that the Monkey golden folders hold, in float32. */
class MonkeyGoldenTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double FEATURES = 1e-4;
  private static final double FEATURES_RELATIVE = 1e-5;
  private static final double PIXELS = 1e-5;
  private static final double LOGITS = 5e-4;
  private static final LoadOptions OPTIONS =
      LoadOptions.DEFAULTS.withDtype(Dtype.FLOAT32).withSequences(4).withThreads(1);

  /** A folder, its model, what it must give, and the pictures encoded so far. */
  private record Fixture(
      Path folder,
      ComposedModel model,
      GoldenTensors golden,
      JsonNode expected,
      Map<String, VisualTokens> tokens) {}

  private interface Check {
    void run(Fixture fixture) throws Exception;
  }

  @TestFactory
  Stream<DynamicTest> folders_equalTheReference() throws Exception {
    List<Path> folders = GoldenFolders.named("monkey");
    GoldenFolders.requireFixtures(folders);
    return folders.stream()
        .map(
            folder ->
                DynamicTest.dynamicTest(
                    String.valueOf(folder.getFileName()),
                    () ->
                        with(
                            folder,
                            fixture -> {
                              JsonNode images = fixture.expected().get("images");
                              for (int i = 0; i < images.size(); i++) {
                                checkImage(fixture, "img" + i, images.get(i));
                              }
                              JsonNode prompts = fixture.expected().get("prompts");
                              for (int i = 0; i < prompts.size(); i++) {
                                checkPrompt(fixture, "prompt" + i, prompts.get(i));
                              }
                            })));
  }

  private static void with(Path folder, Check check) throws Exception {
    MemoryLedger ledger = new MemoryLedger("cpu", 1L << 33);
    try (ComposedModel model = (ComposedModel) Models.load(folder, OPTIONS, ledger);
        GoldenTensors golden = new GoldenTensors(folder)) {
      JsonNode expected = JSON.readTree(folder.resolve("expected.json").toFile());
      check.run(new Fixture(folder, model, golden, expected, new HashMap<>()));
    }
    assertThat(ledger.usedBytes()).isZero();
  }

  // ---- pictures ------------------------------------------------------------------------------

  private static void checkImage(Fixture fixture, String name, JsonNode image) throws Exception {
    String file = image.get("file").asText();
    SlicedPicture picture = fixture.model().slicer().slice(bytes(fixture.folder(), file));
    checkPlan(picture.plan(), image);
    Map<String, float[]> found = new HashMap<>();
    VisualTokens tokens =
        ((TileEncoder) fixture.model().encoder())
            .encode(
                List.of(picture),
                (stage, tile, tensor) -> found.put(stage + tile, Tensors.toFloats(tensor)))
            .get(0);
    fixture.tokens().put(file, tokens);
    checkPixels(fixture, name, image, found);
    JsonNode tiles = image.get("slices");
    assertThat(found).hasSize(4 * tiles.size());
    for (int i = 0; i < tiles.size(); i++) {
      checkTile(fixture, name + "." + tiles.get(i).get("name").asText(), tiles.get(i), found, i);
    }
  }

  /** The exact pixels: where a folder has a JPEG, its decoded twin. */
  private static byte[] bytes(Path folder, String file) throws Exception {
    Path decoded = folder.resolve(file + ".decoded.png");
    return Files.readAllBytes(Files.exists(decoded) ? decoded : folder.resolve(file));
  }

  private static void checkPlan(SlicePlan plan, JsonNode image) {
    JsonNode windows = image.get("windows");
    JsonNode shape = image.get("resized").get("shape");
    assertThat(plan.rows()).isEqualTo(windows.get(0).intValue());
    assertThat(plan.columns()).isEqualTo(windows.get(1).intValue());
    assertThat(plan.refined())
        .isEqualTo(new Size(shape.get(2).intValue(), shape.get(1).intValue()));
  }

  private static void checkPixels(
      Fixture fixture, String name, JsonNode image, Map<String, float[]> found) {
    JsonNode shape = image.get("resized").get("shape");
    int height = shape.get(1).intValue();
    int width = shape.get(2).intValue();
    float[] resized = joined(found, height, width);
    GoldenTensors.checkDigest(name + " resized", image.get("resized"), resized);
    fixture
        .golden()
        .check(name + ".resized_stride32", strided(resized, height, width, 32), PIXELS, 0);
    int last = image.get("slices").size() - 1;
    float[] global = required(found, "pixel_values" + last);
    GoldenTensors.checkDigest(name + " global448", image.get("global448"), global);
    fixture.golden().check(name + ".global448_stride16", strided(global, 448, 448, 16), PIXELS, 0);
  }

  /** The picture that the windows were cut from, [3, height, width]. */
  private static float[] joined(Map<String, float[]> found, int height, int width) {
    float[] all = new float[3 * height * width];
    for (int at = 0; at < all.length; at++) {
      int x = at % width;
      int y = at / width % height;
      int channel = at / width / height;
      int window = y / 448 * (width / 448) + x / 448;
      all[at] = required(found, "pixel_values" + window)[(channel * 448 + y % 448) * 448 + x % 448];
    }
    return all;
  }

  private static void checkTile(
      Fixture fixture, String name, JsonNode tile, Map<String, float[]> found, int index) {
    checkMatrix(fixture, name + ".tower", tile.get("tower"), found, "vision_last_hidden" + index);
    checkMatrix(fixture, name + ".resampler", tile.get("resampler"), found, "resampler" + index);
    checkMatrix(fixture, name + ".out", tile.get("out"), found, "projector" + index);
  }

  /** A digest, and the rows that the folder keeps: all, or every 4th or 64th. */
  private static void checkMatrix(
      Fixture fixture, String name, JsonNode digest, Map<String, float[]> found, String stage) {
    float[] matrix = required(found, stage);
    GoldenTensors.checkDigest(name, digest, matrix);
    int width = digest.get("shape").get(1).intValue();
    for (int n : new int[] {1, 4, 64}) {
      String kept = n == 1 ? name : name + "_every" + n + "th";
      if (fixture.golden().has(kept)) {
        fixture.golden().check(kept, every(matrix, width, n), FEATURES, FEATURES_RELATIVE);
      }
    }
  }

  private static float[] required(Map<String, float[]> found, String stage) {
    assertThat(found).containsKey(stage);
    return found.get(stage);
  }

  // ---- texts ---------------------------------------------------------------------------------

  private static void checkPrompt(Fixture fixture, String name, JsonNode prompt) {
    TextTrace text = (TextTrace) fixture.model().traceable().orElseThrow();
    JsonNode images = prompt.get("images");
    VisualTokens tokens =
        images.isEmpty() ? noPicture(text) : fixture.tokens().get(images.get(0).asText());
    int[] ids = ints(prompt.get("input_ids"));
    PromptLayout layout =
        images.isEmpty()
            ? new PromptLayout(ids)
            : text.prompts().layout(tokens.plan(), IntStream.of(ids).boxed().toList());
    assertThat(layout.toArray()).as("layout").isEqualTo(ints(prompt.get("layout")));
    int[] generated = ints(prompt.get("generated"));
    Sequence sequence =
        new Sequence(layout, tokens, GenerationOptions.greedy(generated.length + 1));
    checkLogits(fixture, name, prompt, text.runner().allLogits(sequence));
    CachedPass pass =
        new CachedPass(text.runner().model(), text.runner().promptEmbeddings(sequence));
    try (pass) {
      for (int step = 1; step <= generated.length; step++) {
        float[] logits = pass.feed(generated[step - 1]);
        String kept = name + ".step" + step + "_logits";
        if (fixture.golden().has(kept)) {
          fixture.golden().check(kept, logits, LOGITS, 0);
        }
      }
    }
    assertThat(generate(text, layout, tokens, generated.length))
        .as(name + " generated")
        .isEqualTo(IntStream.of(generated).boxed().toList());
  }

  private static VisualTokens noPicture(TextTrace text) {
    SlicePlan plan = SlicePlan.overviewOnly(new Size(1, 1), new Size(448, 448));
    return new VisualTokens(plan, 0, text.runner().model().width(), Dtype.FLOAT32, new byte[0]);
  }

  private static void checkLogits(
      Fixture fixture, String name, JsonNode prompt, List<float[]> logits) {
    GoldenTensors.checkDigest(name + " logits", prompt.get("logits"), flat(logits));
    List<float[]> kept = new ArrayList<>();
    for (int row = 0; row < logits.size(); row += 8) {
      kept.add(logits.get(row));
    }
    kept.add(logits.get(logits.size() - 1));
    fixture.golden().check(name + ".logits_every8th_and_last", flat(kept), LOGITS, 0);
  }

  private static List<Integer> generate(
      TextTrace text, PromptLayout layout, VisualTokens tokens, int count) {
    List<Integer> found = new ArrayList<>();
    text.engine()
        .submit(
            layout,
            tokens,
            GenerationOptions.greedy(count),
            done -> found.addAll(done.generated()));
    while (text.engine().hasWork()) {
      text.engine().step();
    }
    return found;
  }

  // ---- arrays --------------------------------------------------------------------------------

  private static int[] ints(JsonNode array) {
    return IntStream.range(0, array.size()).map(i -> array.get(i).intValue()).toArray();
  }

  private static float[] flat(List<float[]> rows) {
    float[] all = new float[rows.size() * rows.get(0).length];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, all, i * rows.get(0).length, rows.get(0).length);
    }
    return all;
  }

  /** Rows 0, n, 2n, … of a matrix. */
  private static float[] every(float[] matrix, int width, int n) {
    List<float[]> rows = new ArrayList<>();
    for (int at = 0; at < matrix.length; at += n * width) {
      rows.add(Arrays.copyOfRange(matrix, at, at + width));
    }
    return flat(rows);
  }

  /** Pixels [:, ::n, ::n]. */
  private static float[] strided(float[] planes, int height, int width, int n) {
    List<float[]> kept = new ArrayList<>();
    for (int channel = 0; channel < 3; channel++) {
      for (int y = 0; y < height; y += n) {
        for (int x = 0; x < width; x += n) {
          kept.add(new float[] {planes[(channel * height + y) * width + x]});
        }
      }
    }
    return flat(kept);
  }
}
