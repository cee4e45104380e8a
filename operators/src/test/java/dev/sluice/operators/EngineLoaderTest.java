package dev.sluice.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.value.VisualTokens;
import dev.sluice.operators.device.DeviceRuntime;
import dev.sluice.operators.device.ModelHandle;
import dev.sluice.operators.device.Subject;
import dev.sluice.operators.device.Timed;
import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Picture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

class EngineLoaderTest {
  private static final Path FOLDER =
      Path.of("..", "models", "src", "test", "resources", "goldens", "llava-uhd");

  @Test
  void engine_onTheDeviceThread_encodesManyAtOnceWithinTheLedger() throws Exception {
    ModelRef model =
        ModelRef.of(
            FOLDER.toString(),
            ModelOptions.from(
                new Configuration()
                    .set(ModelOptions.DTYPE, "float32")
                    .set(ModelOptions.MEMORY_BUDGET, "500 mb")));
    try (DeviceRuntime runtime = DeviceRuntime.of(model)) {
      try (ModelHandle handle = runtime.acquire(model)) {
        assertThat(runtime.ledger().bytesByLabel()).containsOnlyKeys("weights", "kv-cache");
        assertThat(handle.costs()).isEqualTo(model.loader().costs(model));
        List<CompletableFuture<Timed<VisualTokens>>> results = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          byte[] picture = Files.readAllBytes(FOLDER.resolve("img" + i + ".png"));
          results.add(handle.encode(handle.slicer().slice(picture), subject("img" + i, picture)));
        }
        for (CompletableFuture<Timed<VisualTokens>> result : results) {
          assertThat(result.get().value().rows()).isPositive();
        }
      }
    }
  }

  @Test
  void engine_noSuchFolder_saysWhich() throws Exception {
    ModelRef model =
        ModelRef.of(
            "/no/such/folder",
            ModelOptions.from(new Configuration().set(ModelOptions.MEMORY_BUDGET, "1 mb")));
    try (DeviceRuntime runtime = DeviceRuntime.of(model)) {
      assertThatThrownBy(() -> runtime.acquire(model)).hasMessageContaining("/no/such/folder");
    }
  }

  @Test
  void shareOfADeviceOfUnknownSize_asksForASize() {
    assertThatThrownBy(() -> EngineLoader.ENGINE.deviceBytes("cuda:0"))
        .hasMessageContaining("memory of cuda:0: expected a size such as 20 gb");
  }

  private static Subject subject(String eventId, byte[] picture) {
    EventIdentity identity = EventIdentity.of(eventId, Instant.EPOCH);
    return new Subject(ImageEvent.of(identity, Picture.ofBytes(picture, null)), () -> false);
  }
}
