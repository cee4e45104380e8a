package dev.sluice.jobs.local;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** A folder that goes when it is closed, or with the process at the latest. Thread-safe. */
public final class TemporaryFolder implements AutoCloseable {
  private final Path path;
  private final Thread atExit;

  private TemporaryFolder(Path path) {
    this.path = path;
    this.atExit = new Thread(() -> delete(path), "sluice-delete-" + path.getFileName());
  }

  /**
   * @param prefix of its name
   */
  public static TemporaryFolder create(String prefix) throws IOException {
    TemporaryFolder folder = new TemporaryFolder(Files.createTempDirectory(prefix));
    Runtime.getRuntime().addShutdownHook(folder.atExit);
    return folder;
  }

  public Path path() {
    return path;
  }

  @Override
  public void close() {
    delete(path);
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The process is ending already and deletes it once more, which does no harm.
    }
  }

  private static void delete(Path path) {
    try {
      Files.walkFileTree(path, new Deletion());
    } catch (IOException e) {
      // Someone still writes there; a later attempt or the system's own cleaning takes the rest.
    }
  }

  /** Deletes what it visits, also when others delete there at the same time. */
  private static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
        throws IOException {
      Files.deleteIfExists(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
