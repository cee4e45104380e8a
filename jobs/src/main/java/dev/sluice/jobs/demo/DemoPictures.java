package dev.sluice.jobs.demo;

import dev.sluice.jobs.files.PictureFiles;
import dev.sluice.jobs.scenes.PictureEncoder;
import dev.sluice.jobs.scenes.ScenePicture;
import dev.sluice.jobs.scenes.StandardPictureEncoder;
import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Picture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * The demo's pictures by number: the files of a folder, spread evenly among scenes that are drawn.
 * Immutable.
 */
final class DemoPictures {
  /** Far from the seeds of training and of evaluation. */
  private static final long SEED = 2_026_000_001L;

  private static final int DEFAULT_SCENES = 24;

  /** Larger files go by reference, as a claim check does. */
  private static final long MAX_INLINE_BYTES = 16L << 20;

  private static final byte[] NO_BYTES = {};

  private final List<Path> files;
  private final int total;
  private final PictureEncoder encoder = new StandardPictureEncoder();

  private DemoPictures(List<Path> files, int total) {
    this.files = files;
    this.total = total;
  }

  /** Scenes alone. */
  static DemoPictures scenes(OptionalInt images) {
    return new DemoPictures(List.of(), images.orElse(DEFAULT_SCENES));
  }

  /**
   * All files of a folder, whatever they hold, and scenes up to a number.
   *
   * @param images empty for the files alone
   */
  static DemoPictures of(Path folder, OptionalInt images) {
    List<Path> files = PictureFiles.of(List.of(folder)).files();
    return new DemoPictures(files, Math.max(files.size(), images.orElse(files.size())));
  }

  int total() {
    return total;
  }

  /**
   * The picture with a number from 0; beyond {@link #total()} come scenes without end.
   *
   * @throws UncheckedIOException if a file cannot be looked at
   */
  ImageEvent event(int number) {
    if (number >= total) {
      return scene(number);
    }
    // The k-th file comes where the share of files so far passes k.
    long before = (long) number * files.size() / total;
    long after = (number + 1L) * files.size() / total;
    return after > before ? file(number, files.get((int) before)) : scene(number);
  }

  private ImageEvent scene(int number) {
    ScenePicture scene = ScenePicture.of(SEED, number, encoder);
    return ImageEvent.of(
        identity(number, "scene-" + scene.number()),
        Picture.ofBytes(scene.file().bytes(), scene.format().mediaType()));
  }

  private static ImageEvent file(int number, Path file) {
    EventIdentity identity = identity(number, file.getFileName().toString());
    try {
      long length = Files.size(file);
      return ImageEvent.of(
          identity,
          length > MAX_INLINE_BYTES
              ? Picture.ofUri(file.toUri().toString(), null, length, null)
              : Picture.ofBytes(read(file), null));
    } catch (IOException e) {
      throw new UncheckedIOException("file " + file + ": cannot be looked at", e);
    }
  }

  /** An unreadable file is sent as an empty one, to be rejected like any other broken picture. */
  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      return NO_BYTES;
    }
  }

  private static EventIdentity identity(int number, String contentId) {
    String eventId = String.format(Locale.ROOT, "demo-%06d", number + 1);
    return new EventIdentity(eventId, "demo", contentId, 0, Instant.now());
  }
}
