package dev.sluice.models.families;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.models.GoldenFolders;
import dev.sluice.models.LoadOptions;
import dev.sluice.models.ModelDescription;
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

/** A MiniGPT-4 whose parts lie as they are published is the one that lies in one checkpoint. */
class MiniGpt4PartsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path WHOLE = GoldenFolders.fixture("minigpt4");
  private static final LoadOptions OPTIONS =
      LoadOptions.DEFAULTS.withDtype(Dtype.FLOAT32).withThreads(1);

  @TempDir Path root;
  private Path folder = Path.of("");

  /** The published files hold more than the model needs. */
  @BeforeEach
  void takeApart() throws IOException {
    folder = Files.createDirectory(root.resolve("minigpt4"));
    Path vicuna = Files.createDirectory(root.resolve("vicuna"));
    ObjectNode config = (ObjectNode) JSON.readTree(WHOLE.resolve("config.json").toFile());
    JSON.writeValue(vicuna.resolve("config.json").toFile(), config.remove("llama_config"));
    config.put("vit_model", "eva.safetensors");
    config.put("q_former_model", "blip2.safetensors");
    config.put("llama_model", "../vicuna");
    config.put("ckpt", "tuned.safetensors");
    JSON.writeValue(folder.resolve("minigpt4.json").toFile(), config);
    float[] other = new float[1];
    try (Weights whole = ModelDirectory.open(WHOLE).weights(Device.CPU, Dtype.FLOAT32)) {
      part(whole, "visual_encoder.", "")
          .add("blocks.3.norm1.weight", other, 1)
          .add("norm.weight", other, 1)
          .write(folder.resolve("eva.safetensors"));
      part(whole, "Qformer.", "Qformer.")
          .add("query_tokens", whole.stored("query_tokens"))
          .add("ln_vision.weight", whole.stored("ln_vision.weight"))
          .add("ln_vision.bias", whole.stored("ln_vision.bias"))
          .add("Qformer.bert.embeddings.word_embeddings.weight", other, 1)
          .add("Qformer.bert.encoder.layer.0.intermediate.dense.weight", other, 1)
          .add("t5_proj.weight", other, 1)
          .write(folder.resolve("blip2.safetensors"));
      part(whole, "llama_model.", "")
          .add("model.layers.0.self_attn.rotary_emb.inv_freq", other, 1)
          .write(vicuna.resolve("model.safetensors"));
      part(whole, "llama_proj.", "llama_proj.").write(folder.resolve("tuned.safetensors"));
    }
  }

  private static SafetensorsWriter part(Weights whole, String from, String to) {
    SafetensorsWriter writer = new SafetensorsWriter();
    for (String name : whole.names()) {
      if (name.startsWith(from)) {
        writer.add(to + name.substring(from.length()), whole.stored(name));
      }
    }
    return writer;
  }

  @Test
  void trace_ofPartsAndOfTheWhole_isTheSame() throws Exception {
    Map<String, TraceTensor> whole = trace(WHOLE);
    Map<String, TraceTensor> parts = trace(folder);

    assertThat(parts.keySet()).isEqualTo(whole.keySet()).contains("qformer", "logits_last");
    for (String stage : parts.keySet()) {
      assertThat(values(parts.get(stage))).as(stage).isEqualTo(values(whole.get(stage)));
    }
  }

  @Test
  void describe_countsWhatIsLoaded() {
    ModelDescription whole = Models.describe(WHOLE, OPTIONS);
    ModelDescription parts = Models.describe(folder, OPTIONS);

    assertThat(parts.parameters()).isEqualTo(whole.parameters());
    assertThat(parts.costs()).isEqualTo(whole.costs());
    assertThat(parts.revision()).isEqualTo("minigpt4");
  }

  @Test
  void load_missingPart_saysWhich() throws IOException {
    Files.delete(folder.resolve("blip2.safetensors"));

    assertThatThrownBy(() -> Models.describe(folder, OPTIONS))
        .isInstanceOf(WeightsException.class)
        .hasMessage(
            "minigpt4.json: 'q_former_model': expected a file, from the folder of minigpt4.json"
                + " on, found \"blip2.safetensors\"");
  }

  @Test
  void load_adaptersOfAnotherModel_areRefused() {
    new SafetensorsWriter()
        .add("llama_model.layers.0.self_attn.q_proj.lora_A.weight", new float[1], 1)
        .write(folder.resolve("tuned.safetensors"));

    assertThatThrownBy(() -> Models.describe(folder, OPTIONS))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("expected a MiniGPT-4 without adapters");
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
