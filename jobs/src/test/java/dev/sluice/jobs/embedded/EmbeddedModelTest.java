package dev.sluice.jobs.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.serde.ModerationPolicy;
import java.net.URI;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedModelTest {

  @Test
  void directory_isAModelFolder() {
    assertThat(EmbeddedModel.directory())
        .isDirectoryContaining("glob:**/config.json")
        .isDirectoryContaining("glob:**/model.safetensors")
        .isDirectoryContaining("glob:**/tokenizer.json");
  }

  @Test
  void modelInAJar_isUnpacked(@TempDir Path folder) throws Exception {
    Path jar = folder.resolve("jobs.jar");
    URI uri = URI.create("jar:" + jar.toUri());
    try (FileSystem files = FileSystems.newFileSystem(uri, Map.of("create", "true"))) {
      Path model = Files.createDirectories(files.getPath("/dev/sluice/embedded-model"));
      Files.writeString(model.resolve("config.json"), "{}");
      Files.writeString(model.resolve("model.safetensors"), "weights");
    }

    Path unpacked =
        EmbeddedModel.extracted(new URL(uri + "!/dev/sluice/embedded-model/config.json"));

    assertThat(unpacked.resolve("config.json")).hasContent("{}");
    assertThat(unpacked.resolve("model.safetensors")).hasContent("weights");
  }

  @Test
  void embeddedPolicy_asksForWhatTheModelWasTrainedOn() {
    ModerationPolicy policy = EmbeddedModel.policy();

    assertThat(policy.question()).isEqualTo("forbidden?");
    assertThat(policy.options()).containsExactly("none", "knife", "pistol", "cigarettes");
    assertThat(policy.labels()).extracting(ModerationPolicy.Label::code).doesNotContain("none");
  }
}
