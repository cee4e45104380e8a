package dev.sluice.jobs.embedded;

import dev.sluice.jobs.local.TemporaryFolder;
import dev.sluice.operators.policy.PolicyFile;
import dev.sluice.serde.ModerationPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The model that comes with the program, and its policy. Thread-safe. */
public final class EmbeddedModel {
  private static final String MODEL = "/dev/sluice/embedded-model";
  private static final String POLICY = "/dev/sluice/jobs/catalogue-policy.json";

  private EmbeddedModel() {}

  /**
   * Its folder: the program's own where that lies on a disk, otherwise a copy that is deleted when
   * the program ends.
   */
  public static Path directory() {
    URL config =
        Objects.requireNonNull(EmbeddedModel.class.getResource(MODEL + "/config.json"), MODEL);
    try {
      return config.getProtocol().equals("file")
          ? Path.of(config.toURI()).resolveSibling("")
          : extracted(config);
    } catch (IOException e) {
      throw new UncheckedIOException("embedded model: cannot be unpacked", e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("embedded model: lies at a place without a path", e);
    }
  }

  /** What it was trained to look for. */
  public static ModerationPolicy policy() {
    try (InputStream in =
        Objects.requireNonNull(EmbeddedModel.class.getResourceAsStream(POLICY), POLICY)) {
      return PolicyFile.read(in.readAllBytes(), "embedded");
    } catch (IOException e) {
      throw new UncheckedIOException("embedded policy: cannot be read", e);
    }
  }

  /** Writes the policy to a file, for a job that is submitted with one. */
  public static Path writePolicy(Path file) {
    try (InputStream in =
        Objects.requireNonNull(EmbeddedModel.class.getResourceAsStream(POLICY), POLICY)) {
      Files.copy(in, file);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException("embedded policy: cannot be written to " + file, e);
    }
  }

  static Path extracted(URL config) throws IOException, URISyntaxException {
    TemporaryFolder folder = TemporaryFolder.create("sluice-model-");
    try (FileSystem jar = FileSystems.newFileSystem(config.toURI(), Map.of());
        Stream<Path> files = Files.list(jar.getPath(MODEL))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, folder.path().resolve(file.getFileName().toString()));
      }
    }
    return folder.path();
  }
}
