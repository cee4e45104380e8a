package dev.sluice.models.families;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.models.GoldenFolders;
import dev.sluice.models.LoadOptions;
import dev.sluice.models.Models;
import dev.sluice.models.VisionLanguageModel;
import dev.sluice.models.memory.MemoryLedger;
import dev.sluice.models.tensor.Device;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.TracePrompt;
import dev.sluice.models.value.TraceTensor;
import dev.sluice.models.weights.ModelDirectory;
import dev.sluice.models.weights.SafetensorsWriter;
import dev.sluice.models.weights.Weights;
import dev.sluice.models.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A LLaVA-UHD whose tower lies in the CLIP folder that it names, as the reference has it. */
class LlavaUhdFoldersTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path WHOLE = GoldenFolders.fixture("llava-uhd");
  private static final String TOWER = "model.vision_tower.vision_tower.";
  private static final LoadOptions OPTIONS =
      LoadOptions.DEFAULTS.withDtype(Dtype.FLOAT32).withThreads(1);

  @TempDir Path root;
  private Path folder = Path.of("");
  private Path clip = Path.of("");

  /** The CLIP folder has the sizes; without them the published ones would be expected. */
  @BeforeEach
  void takeApart() throws IOException {
    folder = Files.createDirectory(root.resolve("llava-uhd"));
    clip = Files.createDirectory(root.resolve("clip-vit-large-patch14-336"));
    ObjectNode config = (ObjectNode) JSON.readTree(WHOLE.resolve("config.json").toFile());
    JsonNode sizes = config.remove("fixture_vision_config");
    JSON.writeValue(folder.resolve("config.json").toFile(), config);
    JSON.writeValue(
        clip.resolve("config.json").toFile(),
        JSON.createObjectNode().put("model_type", "clip").set("vision_config", sizes));
    SafetensorsWriter tower = new SafetensorsWriter().add("logit_scale", new float[1], 1);
    SafetensorsWriter others = new SafetensorsWriter();
    try (Weights whole = ModelDirectory.open(WHOLE).weights(Device.CPU, Dtype.FLOAT32)) {
      for (String name : whole.names()) {
        if (name.startsWith(TOWER)) {
          tower.add(name.substring(TOWER.length()), whole.stored(name));
        } else {
          others.add(name, whole.stored(name));
        }
      }
      tower.write(clip.resolve("model.safetensors"));
      others.write(folder.resolve("model.safetensors"));
    }
  }

  @Test
  void trace_ofTheTowerOutside_andOfTheWhole_isTheSame() throws Exception {
    assertSame(trace(folder), trace(WHOLE));
  }

  /** {@code CLIPVisionModel} saves its sizes at the top. */
  @Test
  void trace_ofAFolderOfTheTowerAlone_isTheSame() throws Exception {
    Path config = clip.resolve("config.json");
    JSON.writeValue(config.toFile(), JSON.readTree(config.toFile()).get("vision_config"));

    assertSame(trace(folder), trace(WHOLE));
  }

  @Test
  void load_towerNowhere_saysWhereItWasLookedFor() throws IOException {
    Files.move(clip, root.resolve("elsewhere"));

    assertThatThrownBy(() -> Models.describe(folder, OPTIONS))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("or the CLIP folder 'openai/clip-vit-large-patch14-336'");
  }

  private static void assertSame(Map<String, TraceTensor> found, Map<String, TraceTensor> whole) {
    assertThat(found.keySet()).isEqualTo(whole.keySet()).contains("projector", "logits_last");
    for (String stage : found.keySet()) {
      assertThat(values(found.get(stage))).as(stage).isEqualTo(values(whole.get(stage)));
    }
  }

  private static Map<String, TraceTensor> trace(Path model) throws Exception {
    MemoryLedger ledger = new MemoryLedger("cpu", 1L << 32);
    try (VisionLanguageModel loaded = Models.load(model, OPTIONS, ledger)) {
      byte[] picture = Files.readAllBytes(WHOLE.resolve("img0.png"));
      TracePrompt prompt = new TracePrompt.Ids(List.of(1, 5, TracePrompt.IMAGE_ID, 6));
      return Models.trace(loaded, picture, prompt, 3);
    }
  }

  private static Object values(TraceTensor tensor) {
    return tensor instanceof TraceTensor.Floats floats
        ? floats.values()
        : ((TraceTensor.Longs) tensor).values();
  }
}
