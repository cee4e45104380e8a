package dev.sluice.operators.fetch;

import dev.sluice.serde.Rejection.Category;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.UnsupportedFileSystemSchemeException;
import org.apache.flink.util.IOUtils;

/** Object stores and the like through Flink's file systems, with their credentials. Stateless. */
final class FlinkFileSource implements PictureSource {

  @Override
  public byte[] read(URI uri, Transfer transfer) throws IOException {
    Path path = new Path(uri);
    try {
      FileSystem files = path.getFileSystem();
      long length = files.getFileStatus(path).getLen();
      try (FSDataInputStream in = files.open(path)) {
        transfer.breakOffWith(() -> IOUtils.closeQuietly(in));
        return transfer.readAll(in, length);
      }
    } catch (FileNotFoundException e) {
      throw new FetchRejectedException(
          Category.FETCH_FAILED, SourcePolicy.shown(uri) + ": there is no such file");
    } catch (UnsupportedFileSystemSchemeException e) {
      throw new FetchRejectedException(
          Category.FETCH_FAILED,
          "%s: Flink has no file system for it; expected its plugin on every TaskManager"
              .formatted(SourcePolicy.shown(uri)));
    }
  }
}
