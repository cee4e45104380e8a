package dev.sluice.jobs.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.jobs.files.FileRun;
import dev.sluice.operators.ModelOptions;
import dev.sluice.operators.ModelRef;
import dev.sluice.operators.VisionOptions;
import dev.sluice.serde.Rejection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.flink.configuration.Configuration;

/**
 * Pictures through the operators in a Flink of this process. Used by one thread.
 *
 * <p>What is counted begins when the first round of pictures is through: starting Flink, loading
 * the model and warming up are no part of it.
 */
final class StreamBench {
  private final BenchSettings settings;

  StreamBench(BenchSettings settings) {
    this.settings = settings;
  }

  /** Images per second. */
  double imagesPerSecond(List<Path> files) throws Exception {
    List<Path> rounds = new ArrayList<>();
    Collections.nCopies(settings.repeats() + 1, files).forEach(rounds::addAll);
    Arrivals arrivals = new Arrivals();
    new FileRun(model(), vision()).caption(rounds, Optional.empty(), arrivals);
    int counted = rounds.size() - files.size();
    return counted / arrivals.secondsOfLast(counted);
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

  /** When results came. */
  private static final class Arrivals implements FileRun.Sink {
    private final List<Long> nanos = new ArrayList<>();

    @Override
    public void result(String json) {
      nanos.add(System.nanoTime());
    }

    @Override
    public void rejection(Rejection rejection) {
      throw new IllegalStateException(
          "picture %s: %s".formatted(rejection.identity().eventId(), rejection.message()));
    }

    double secondsOfLast(int results) {
      int last = nanos.size() - 1;
      return (nanos.get(last) - nanos.get(last - results)) / 1e9;
    }
  }
}
