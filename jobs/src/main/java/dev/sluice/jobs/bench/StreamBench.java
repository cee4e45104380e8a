package dev.sluice.jobs.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.jobs.files.FileRun;
import dev.sluice.operators.ModelOptions;
import dev.sluice.operators.ModelRef;
import dev.sluice.operators.VisionOptions;
import dev.sluice.operators.device.DeviceRuntime;
import dev.sluice.operators.device.ModelHandle;
import dev.sluice.serde.Rejection;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.flink.configuration.Configuration;

/**
 * Pictures through the operators in a Flink of this process. Used by one thread.
 *
 * <p>A long stream against a short one: what Flink needs to start and the steps to fill and to
 * empty is in both, so the difference is what pictures take once it runs.
 */
final class StreamBench {
  /** Fewer cannot be told from how much starting varies. */
  private static final int MIN_COUNTED = 64;

  private final BenchSettings settings;

  StreamBench(BenchSettings settings) {
    this.settings = settings;
  }

  /**
   * Images per second.
   *
   * @param files all of them are read as often as there are repeats, and more often where that
   *     would be too few to tell
   */
  double imagesPerSecond(List<Path> files) throws Exception {
    ModelRef model = model();
    try (DeviceRuntime device = DeviceRuntime.of(model);
        ModelHandle loadedOnce = device.acquire(model)) {
      FileRun run = new FileRun(model, vision());
      seconds(run, files, 1);
      double once = seconds(run, files, 1);
      int rounds = Math.max(settings.repeats(), (MIN_COUNTED - 1) / files.size() + 1);
      return rounds * files.size() / (seconds(run, files, 1 + rounds) - once);
    }
  }

  /** Completes the line of an engine loop over the same pictures. */
  static ObjectNode beside(ObjectNode engineLoop, double imagesPerSecond) {
    double share = imagesPerSecond / engineLoop.get("engineImagesPerSecond").doubleValue();
    return engineLoop
        .put("imagesPerSecond", BenchLine.rounded(imagesPerSecond))
        .put("shareOfEngine", BenchLine.rounded(share));
  }

  private ModelRef model() {
    Configuration configuration = new Configuration();
    settings.load().dtype().ifPresent(d -> configuration.set(ModelOptions.DTYPE, d.label()));
    settings
        .load()
        .preResize()
        .ifPresent(pixels -> configuration.set(ModelOptions.IMAGE_PRE_RESIZE, pixels));
    configuration.set(ModelOptions.DEVICE_THREADS, settings.load().threads());
    return ModelRef.of(settings.folder().toString(), ModelOptions.from(configuration));
  }

  private VisionOptions vision() {
    Configuration configuration = new Configuration();
    configuration.set(VisionOptions.MAX_NEW_TOKENS, settings.newTokens());
    return VisionOptions.from(configuration);
  }

  private static double seconds(FileRun run, List<Path> files, int rounds) throws Exception {
    List<Path> stream = Collections.nCopies(rounds, files).stream().flatMap(List::stream).toList();
    return Passes.seconds(() -> run.caption(stream, Optional.empty(), new RefuseRejections()));
  }

  /** Results are only timed; a picture that has none would make the stream look fast. */
  private static final class RefuseRejections implements FileRun.Sink {
    @Override
    public void result(String json) {}

    @Override
    public void rejection(Rejection rejection) {
      throw new IllegalStateException(
          "picture %s: %s".formatted(rejection.identity().eventId(), rejection.message()));
    }
  }
}
