package dev.sluice.jobs.cli;

import dev.sluice.models.Models;
import dev.sluice.models.VisionLanguageModel;
import dev.sluice.models.image.PictureRejectedException;
import dev.sluice.models.value.TracePrompt;
import dev.sluice.models.value.TraceTensor;
import dev.sluice.models.weights.SafetensorsWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Writes every stage of one run to a file. Used by the thread that owns the model. */
final class TraceRun {
  private final VisionLanguageModel model;
  private final byte[] picture;

  TraceRun(VisionLanguageModel model, byte[] picture) {
    this.model = model;
    this.picture = picture;
  }

  void write(TracePrompt prompt, int maxNewTokens, Path file) throws PictureRejectedException {
    SafetensorsWriter writer = new SafetensorsWriter();
    Map<String, TraceTensor> stages = Models.trace(model, picture, prompt, maxNewTokens);
    stages.forEach((name, tensor) -> add(writer, name, tensor));
    writer.write(file);
  }

  private static void add(SafetensorsWriter writer, String name, TraceTensor tensor) {
    if (tensor instanceof TraceTensor.Floats floats) {
      writer.add(name, floats.values(), shape(floats.shape()));
    } else if (tensor instanceof TraceTensor.Longs longs) {
      writer.add(name, longs.values(), shape(longs.shape()));
    }
  }

  private static long[] shape(List<Long> shape) {
    return shape.stream().mapToLong(Long::longValue).toArray();
  }
}
