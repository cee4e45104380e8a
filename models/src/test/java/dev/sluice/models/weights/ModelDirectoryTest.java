package dev.sluice.models.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.value.Dtype;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelDirectoryTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"safetensors-sharded", "torch-sharded"})
  void weights_ofShards_areOne(String name) {
    ModelDirectory directory = ModelDirectory.open(Fixtures.path(name));
    assertThat(directory.weightFiles()).hasSize(2).isSorted();
    try (Weights weights = directory.weights(Device.CPU, Dtype.FLOAT32)) {
      assertThat(Tensors.toFloats(weights.tensor("a", 1, 2))).containsExactly(Fixtures.ramp(2));
      assertThat(Tensors.toFloats(weights.tensor("b", 2, 2))).containsExactly(Fixtures.ramp(4));
    }
  }

  @Test
  void sha256_isOverTheFilesInNameOrder() throws Exception {
    ModelDirectory directory = ModelDirectory.open(Fixtures.path("safetensors-sharded"));
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (Path file : directory.weightFiles()) {
      digest.update(Files.readAllBytes(file));
    }

    try (Weights weights = directory.weights(Device.CPU, Dtype.FLOAT32)) {
      assertThat(weights.sha256()).isEqualTo(HexFormat.of().formatHex(digest.digest()));
    }
  }

  @Test
  void config_ofAFolderThatNamesParts_isItsList() throws IOException {
    write("minigpt4.json", "{\"arch\":\"minigpt4\"}");
    assertThat(ModelDirectory.open(folder).config().string("arch")).isEqualTo("minigpt4");

    write("config.json", "{\"arch\":\"llama\"}");
    assertThat(ModelDirectory.open(folder).config().string("arch")).isEqualTo("llama");
  }

  @Test
  void weightFiles_reachedThroughLinks_areRead() throws IOException {
    Path blobs = Files.createDirectory(folder.resolve("blobs"));
    Path snapshot = Files.createDirectory(folder.resolve("snapshot"));
    Files.copy(Fixtures.path("safetensors/model.safetensors"), blobs.resolve("1f2e"));
    Files.createSymbolicLink(snapshot.resolve("model.safetensors"), Path.of("../blobs/1f2e"));
    try (Weights weights = ModelDirectory.open(snapshot).weights(Device.CPU, Dtype.FLOAT32)) {
      assertThat(weights.has("plain")).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "../model.safetensors | expected a plain file name in the folder",
        "/etc/model.safetensors | expected a plain file name in the folder",
        "sub/model.safetensors | expected a plain file name in the folder",
        "sub\\\\model.safetensors | expected a plain file name in the folder",
        ".. | expected a plain file name in the folder",
        "model.safetensors.index.json | the name of a file that ends in .safetensors",
        "pytorch_model.bin | the name of a file that ends in .safetensors",
        "absent.safetensors | expected the file absent.safetensors beside it, found none",
      })
  void weightFiles_indexWithAHostileName_isRefused(String shard, String message)
      throws IOException {
    write("model.safetensors.index.json", "{\"weight_map\":{\"a\":\"" + shard + "\"}}");

    assertThatThrownBy(() -> ModelDirectory.open(folder).weightFiles())
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("model.safetensors.index.json")
        .hasMessageContaining(message);
  }

  @Test
  void weightFiles_emptyIndex_isRefused() throws IOException {
    write("model.safetensors.index.json", "{\"weight_map\":{}}");
    assertThatThrownBy(() -> ModelDirectory.open(folder).weightFiles())
        .hasMessageContaining("expected 1 to 10000 files, found 0");

    write("model.safetensors.index.json", "{\"weight_map\":{\"a\":7}}");
    assertThatThrownBy(() -> ModelDirectory.open(folder).weightFiles())
        .hasMessageContaining("'weight_map.a': expected a text, found 7");
  }

  @Test
  void open_missingParts_saysWhatIsMissing() throws IOException {
    ModelDirectory directory = ModelDirectory.open(folder);

    assertThat(directory.preprocessorConfig().isEmpty()).isTrue();
    assertThat(directory.generationConfig().isEmpty()).isTrue();
    assertThat(directory.file("tokenizer.json")).isEmpty();
    assertThatThrownBy(directory::config).hasMessageContaining("expected config.json, found none");
    assertThatThrownBy(directory::weightFiles)
        .hasMessageContaining("expected one of model.safetensors");
    assertThatThrownBy(() -> ModelDirectory.open(folder.resolve("no")))
        .hasMessageContaining("found nothing");
    assertThatThrownBy(() -> ModelDirectory.open(write("file", "")))
        .hasMessageContaining("found a file");
  }

  @Test
  void preprocessorConfig_insideTheProcessors_isFound() throws IOException {
    write("processor_config.json", "{\"image_processor\":{\"size\":336}}");

    assertThat(ModelDirectory.open(folder).preprocessorConfig().sizeAt("size")).isEqualTo(336);
  }

  private Path write(String name, String content) {
    return Fixtures.write(folder.resolve(name), content.getBytes(StandardCharsets.UTF_8));
  }
}
