package dev.sluice.operators.fetch;

import dev.sluice.operators.FetchOptions;
import dev.sluice.serde.Rejection.Category;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * Files below the allowed folders. Immutable.
 *
 * <p>Whether a file lies outside is decided twice: by the path's words, so that nothing is said
 * about files elsewhere, and by the real path, so that no link leads out.
 */
final class FolderSource implements PictureSource {
  private final List<Path> folders;

  FolderSource(List<String> folders) {
    this.folders = folders.stream().map(folder -> Path.of(folder).normalize()).toList();
  }

  @Override
  public byte[] read(URI uri, Transfer transfer) throws IOException {
    Path named = path(uri);
    if (folders.stream().noneMatch(named::startsWith)) {
      throw outside(uri);
    }
    Path real = realPath(named, uri);
    if (!liesInside(real)) {
      throw outside(uri);
    }
    if (!Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
      throw new FetchRejectedException(
          Category.FETCH_FAILED, SourcePolicy.shown(uri) + ": expected a file, found another kind");
    }
    try (InputStream in = Files.newInputStream(real, LinkOption.NOFOLLOW_LINKS)) {
      return transfer.readAll(in, Files.size(real));
    }
  }

  private static Path path(URI uri) {
    try {
      return Path.of(uri.getPath()).normalize();
    } catch (InvalidPathException e) {
      throw outside(uri);
    }
  }

  private static Path realPath(Path named, URI uri) throws IOException {
    try {
      return named.toRealPath();
    } catch (NoSuchFileException e) {
      throw new FetchRejectedException(
          Category.FETCH_FAILED, SourcePolicy.shown(uri) + ": there is no such file");
    }
  }

  private boolean liesInside(Path real) throws IOException {
    for (Path folder : folders) {
      if (Files.isDirectory(folder) && real.startsWith(folder.toRealPath())) {
        return true;
      }
    }
    return false;
  }

  private static FetchRejectedException outside(URI uri) {
    return FetchRejectedException.forbidden(
        "%s: expected a file below %s, found one elsewhere"
            .formatted(SourcePolicy.shown(uri), FetchOptions.FOLDERS.key()));
  }
}
