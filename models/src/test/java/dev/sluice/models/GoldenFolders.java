package dev.sluice.models;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Finds golden folders: under {@code -Dsluice.goldens}, or the project's own fixtures. */
public final class GoldenFolders {
  private GoldenFolders() {}

  /** The folders of a name and of its twins, such as {@code llava-uhd} and {@code llava-uhd-b}. */
  public static List<Path> named(String name) throws IOException {
    try (Stream<Path> folders = Files.list(root())) {
      return folders
          .filter(Files::isDirectory)
          .filter(folder -> folder.getFileName().toString().matches(name + "(-[a-z])?"))
          .sorted()
          .toList();
    }
  }

  /** The one folder of the project's fixtures. */
  public static Path fixture(String name) {
    return fixtures().resolve(name);
  }

  private static Path root() {
    String given = System.getProperty("sluice.goldens", "");
    return given.isEmpty() ? fixtures() : Path.of(given);
  }

  private static Path fixtures() {
    try {
      return Path.of(Objects.requireNonNull(GoldenFolders.class.getResource("/goldens")).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
