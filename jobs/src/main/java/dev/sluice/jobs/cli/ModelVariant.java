package dev.sluice.jobs.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.jobs.local.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A model folder, or the same weights beside a changed configuration. Used by one thread. */
final class ModelVariant implements AutoCloseable {
  private static final String CONFIG = "config.json";
  private static final String CALIBRATION = "calibration.json";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path directory;
  private final @Nullable TemporaryFolder copy;

  private ModelVariant(Path directory, @Nullable TemporaryFolder copy) {
    this.directory = directory;
    this.copy = copy;
  }

  /**
   * @param maxSlices null for the folder as it is
   */
  static ModelVariant of(Path directory, @Nullable Integer maxSlices) throws IOException {
    if (maxSlices == null) {
      return new ModelVariant(directory, null);
    }
    TemporaryFolder copy = linksWithout(CONFIG, directory);
    JsonNode config = JSON.readTree(Files.readAllBytes(directory.resolve(CONFIG)));
    if (!(config instanceof ObjectNode root)) {
      throw new IOException(directory.resolve(CONFIG) + ": expected a JSON object");
    }
    root.withObject("/sluice").put("max_slices", maxSlices);
    Files.write(copy.path().resolve(CONFIG), JSON.writeValueAsBytes(root));
    return new ModelVariant(copy.path(), copy);
  }

  /** Without its calibration: scores as the weights give them. */
  static ModelVariant uncalibrated(Path directory) throws IOException {
    TemporaryFolder copy = linksWithout(CALIBRATION, directory);
    return new ModelVariant(copy.path(), copy);
  }

  private static TemporaryFolder linksWithout(String left, Path directory) throws IOException {
    TemporaryFolder copy = TemporaryFolder.create("sluice-variant-");
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path name = file.getFileName();
        if (!name.toString().equals(left)) {
          Files.createSymbolicLink(copy.path().resolve(name), file.toAbsolutePath());
        }
      }
    }
    return copy;
  }

  Path directory() {
    return directory;
  }

  @Override
  public void close() {
    if (copy != null) {
      copy.close();
    }
  }
}
