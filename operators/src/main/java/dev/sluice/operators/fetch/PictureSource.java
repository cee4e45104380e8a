package dev.sluice.operators.fetch;

import java.io.IOException;
import java.net.URI;

/** One way of getting at a picture's bytes. Thread-safe. */
interface PictureSource extends AutoCloseable {

  /**
   * @param uri allowed by the {@link SourcePolicy}
   * @throws FetchRejectedException if it cannot be had
   * @throws TransientFetchException if it may be had later
   * @throws IOException as the latter
   */
  byte[] read(URI uri, Transfer transfer) throws IOException;

  @Override
  default void close() {}
}
