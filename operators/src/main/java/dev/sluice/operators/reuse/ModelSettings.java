package dev.sluice.operators.reuse;

import dev.sluice.models.value.ModelInfo;
import dev.sluice.operators.ModelOptions;
import dev.sluice.operators.ModelRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What of a model bears on its results: its weights, how it computes, and the small files of its
 * folder (configuration, tokenizer, templates). Stateless.
 */
public final class ModelSettings {
  /** Weights are larger, and have a digest of their own. */
  private static final long LARGEST_BYTES = 64L << 20;

  private static final List<String> WEIGHTS = List.of(".safetensors", ".bin", ".pt", ".pth");

  private ModelSettings() {}

  /**
   * A digest of all that.
   *
   * @throws IOException if a file of the folder cannot be read
   */
  public static String digest(ModelRef model, ModelInfo info) throws IOException {
    ModelOptions options = model.options();
    FieldDigest digest =
        new FieldDigest()
            .add(info.family())
            .add(info.revision())
            .add(info.weightsSha256())
            .add(info.dtype().label())
            .add(options.imageLimits().toString());
    for (Path file : smallFiles(Path.of(model.path()))) {
      digest.add(file.getFileName().toString()).add(Files.readAllBytes(file));
    }
    return digest.hex();
  }

  private static List<Path> smallFiles(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> WEIGHTS.stream().noneMatch(file.toString()::endsWith))
          .filter(file -> file.toFile().length() <= LARGEST_BYTES)
          .sorted()
          .toList();
    }
  }
}
