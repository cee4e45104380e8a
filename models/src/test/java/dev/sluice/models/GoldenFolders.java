package dev.sluice.models;

import static org.assertj.core.api.Assertions.assertThat;

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
    return all().stream()
        .filter(folder -> folder.getFileName().toString().matches(name + "(-[a-z])?"))
        .toList();
  }

  /** All folders, by name. */
  public static List<Path> all() throws IOException {
    try (Stream<Path> folders = Files.list(root())) {
      return folders.filter(Files::isDirectory).sorted().toList();
    }
  }

  /** The files beside the folders whose name matches. */
  public static List<Path> files(String pattern) throws IOException {
    try (Stream<Path> files = Files.list(root())) {
      return files.filter(file -> file.getFileName().toString().matches(pattern)).sorted().toList();
    }
  }

  /** The one folder of the project's fixtures. */
  public static Path fixture(String name) {
    return fixtures().resolve(name);
  }

  /**
   * Makes sure that the project's own fixtures are tested; a folder that somebody names may hold
   * fewer families.
   */
  public static void requireFixtures(List<?> tests) {
    if (given().isEmpty()) {
      assertThat(tests).as("golden fixtures of the project").isNotEmpty();
    }
  }

  private static String given() {
    return System.getProperty("sluice.goldens", "");
  }

  private static Path root() {
    String given = given();
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
