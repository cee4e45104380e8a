package dev.sluice.jobs.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files that paths stand for: a file is itself, a folder all files below it, in order of their
 * names. Immutable.
 *
 * @param missing what is not there or cannot be listed, one sentence each
 */
public record PictureFiles(List<Path> files, List<String> missing) {
  public PictureFiles {
    files = List.copyOf(files);
    missing = List.copyOf(missing);
  }

  /** Looks at the paths. */
  public static PictureFiles of(List<Path> paths) {
    List<Path> files = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        try (Stream<Path> below = Files.walk(path)) {
          below.filter(Files::isRegularFile).sorted().forEach(files::add);
        } catch (IOException | UncheckedIOException e) {
          missing.add(path + ": cannot be listed (" + e.getMessage() + ")");
        }
      } else if (Files.exists(path)) {
        files.add(path);
      } else {
        missing.add(path + ": there is no such file or folder");
      }
    }
    return new PictureFiles(files, missing);
  }
}
