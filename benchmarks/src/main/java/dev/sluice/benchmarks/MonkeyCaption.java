package dev.sluice.benchmarks;

import dev.sluice.models.LoadOptions;
import dev.sluice.models.Models;
import dev.sluice.models.VisionLanguageModel;
import dev.sluice.models.image.PictureEncoder;
import dev.sluice.models.memory.MemoryLedger;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.TracePrompt;
import dev.sluice.models.value.TraceTensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * The memory that a Monkey folder of full width and reduced depth takes to load and to caption one
 * picture in bfloat16. Used by one thread.
 */
public final class MonkeyCaption {
  private static final int LAYERS = 2;
  private static final int NEW_TOKENS = 16;

  private MonkeyCaption() {}

  /**
   * @param args a folder, which is written if it is not there: about 4 GB
   */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    if (!Files.exists(folder.resolve("config.json"))) {
      MonkeyFolder.write(folder, LAYERS, LAYERS);
    }
    LoadOptions options = LoadOptions.DEFAULTS.withDtype(Dtype.BFLOAT16).withSequences(1);
    long start = System.nanoTime();
    try (VisionLanguageModel model =
        Models.load(folder, options, new MemoryLedger("cpu", 12L << 30))) {
      double loaded = (System.nanoTime() - start) / 1e9;
      var prompt =
          new TracePrompt.Ids(List.of(TracePrompt.IMAGE_ID, 220, 31115, 279, 11682, 25, 220));
      var stages = Models.trace(model, picture(), prompt, NEW_TOKENS);
      double done = (System.nanoTime() - start) / 1e9;
      System.out.printf(
          Locale.ROOT,
          "{\"layers\":%d,\"promptPositions\":%d,\"newTokens\":%d,\"loadSeconds\":%.2f,"
              + "\"captionSeconds\":%.2f,\"residentMib\":%d,\"peakMib\":%d}%n",
          LAYERS,
          positions(stages, "input_ids"),
          positions(stages, "generated_ids"),
          loaded,
          done - loaded,
          ProcessMemory.residentBytes() >> 20,
          ProcessMemory.peakBytes() >> 20);
    }
  }

  private static long positions(Map<String, TraceTensor> stages, String name) {
    return Objects.requireNonNull(stages.get(name)).shape().get(0);
  }

  private static byte[] picture() {
    byte[] rgb = new byte[3 * 640 * 480];
    new SplittableRandom(1).nextBytes(rgb);
    return PictureEncoder.png(new RgbImage(640, 480, rgb));
  }
}
