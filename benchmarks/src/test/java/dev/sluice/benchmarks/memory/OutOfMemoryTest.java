package dev.sluice.benchmarks.memory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.jobs.files.FileRun;
import dev.sluice.models.image.PictureEncoder;
import dev.sluice.models.value.RgbImage;
import dev.sluice.operators.ModelOptions;
import dev.sluice.operators.ModelRef;
import dev.sluice.operators.VisionOptions;
import dev.sluice.serde.Rejection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Pictures through the operators with the embedded model while its device runs out of memory. */
class OutOfMemoryTest {
  private static final int PICTURES = 60;
  private static final int POISON = 40;
  private static final int MAX_TILES = 16;

  private final Map<String, String> captions = new LinkedHashMap<>();
  private final List<Rejection> rejections = new ArrayList<>();

  @TempDir Path folder;
  private LimitedDevice device;

  @BeforeEach
  void nameDevice(TestInfo test) {
    device = LimitedDevice.named(test.getTestMethod().orElseThrow().getName());
  }

  @Test
  void limitLoweredWhileRunning_onlyTheHugePictureIsRejected_andNoCaptionChanges()
      throws Exception {
    List<Path> files = pictures();
    run(files);
    assertThat(device.failures()).isZero();
    Map<String, String> unlimited = Map.copyOf(captions);
    assertThat(unlimited).hasSize(PICTURES);
    captions.clear();

    int before = device.batches().size();
    // Room for any of the pictures but the huge one, and never for a full batch.
    device.lowerAfter(PICTURES + 10, 5 * LimitedDevice.TILE_BYTES);
    run(files);
    assertThat(device.failures()).isPositive();
    assertThat(device.batches().subList(before, device.batches().size()))
        .last()
        .satisfies(tiles -> assertThat(tiles).isLessThanOrEqualTo(5));

    assertThat(rejections)
        .singleElement()
        .satisfies(
            rejection -> {
              assertThat(rejection.category()).isEqualTo(Rejection.Category.OUT_OF_MEMORY);
              assertThat(rejection.stage()).isEqualTo(Rejection.Stage.ENCODE);
            });
    String poison = files.get(POISON).toString();
    assertThat(captions).doesNotContainKey(poison).hasSize(PICTURES - 1);
    captions.forEach((id, text) -> assertThat(text).as(id).isEqualTo(unlimited.get(id)));
  }

  private void run(List<Path> files) throws Exception {
    ModelRef model =
        device.model(
            new Configuration()
                .set(ModelOptions.ENCODE_MAX_TILES, MAX_TILES)
                .set(ModelOptions.DEVICE_THREADS, 1));
    new FileRun(model, VisionOptions.DEFAULTS).caption(files, Optional.empty(), new Results());
  }

  /** Of one to five tiles; one has many more. */
  private List<Path> pictures() throws IOException {
    SplittableRandom random = new SplittableRandom(7);
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < PICTURES; i++) {
      RgbImage picture =
          i == POISON
              ? picture(500, 500, random)
              : picture(random.nextInt(60, 160), random.nextInt(60, 120), random);
      files.add(Files.write(folder.resolve("picture-" + i + ".png"), PictureEncoder.png(picture)));
    }
    return files;
  }

  /** A gradient with some noise. */
  private static RgbImage picture(int width, int height, SplittableRandom random) {
    byte[] rgb = new byte[width * height * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (i / 3 % width + i / 3 / width + random.nextInt(24));
    }
    return new RgbImage(width, height, rgb);
  }

  private final class Results implements FileRun.Sink {
    @Override
    public void result(String json) {
      try {
        JsonNode caption = new ObjectMapper().readTree(json);
        captions.put(caption.path("eventId").asText(), caption.path("text").asText());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void rejection(Rejection rejection) {
      rejections.add(rejection);
    }
  }
}
