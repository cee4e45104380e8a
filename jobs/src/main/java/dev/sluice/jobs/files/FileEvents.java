package dev.sluice.jobs.files;

import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.ImageRequest;
import dev.sluice.serde.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.flink.connector.datagen.source.GeneratorFunction;

/** Reads the n-th of a list of files as an event that is called by its path. Immutable. */
final class FileEvents implements GeneratorFunction<Long, ImageEvent> {
  private static final long serialVersionUID = 1L;

  private static final byte[] NO_BYTES = {};

  private final List<String> paths;
  private final long maxBytes;

  /**
   * @param maxBytes of a file; a longer one becomes a defect without being read
   */
  FileEvents(List<Path> files, long maxBytes) {
    this.paths = files.stream().map(Path::toString).toList();
    this.maxBytes = maxBytes;
  }

  @Override
  public ImageEvent map(Long index) {
    String path = paths.get(Math.toIntExact(index));
    EventIdentity identity = EventIdentity.of(path, Instant.now());
    try {
      long length = Files.size(Path.of(path));
      return length > maxBytes
          ? defect(identity, "expected at most %d bytes, found %d".formatted(maxBytes, length))
          : ImageEvent.of(identity, Picture.ofBytes(Files.readAllBytes(Path.of(path)), null));
    } catch (IOException e) {
      return defect(identity, "cannot be read (" + e.getClass().getSimpleName() + ")");
    }
  }

  private static ImageEvent defect(EventIdentity identity, String reason) {
    return new ImageEvent(
        identity,
        Picture.ofBytes(NO_BYTES, null),
        ImageRequest.NONE,
        null,
        null,
        "file " + identity.eventId() + ": " + reason);
  }
}
