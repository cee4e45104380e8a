package dev.sluice.models.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;

/**
 * A weight file in memory: mapped read-only, in pieces, since one mapping ends at 2 GB. Belongs to
 * the thread that loads the model.
 *
 * <p>A mapping lives as long as this object is reachable and is left to the garbage collector after
 * that: unmapping by hand would turn a forgotten view of a weight into a crash of the process. The
 * pages belong to the operating system's cache and can be dropped by it at any time.
 */
final class MappedFile implements AutoCloseable {
  private static final long CHUNK_BYTES = 1L << 30;

  private final Path path;
  private final FileChannel channel;
  private final long size;
  private final Map<Long, MappedByteBuffer> chunks = new HashMap<>();
  private final List<ByteBuffer> pieces = new ArrayList<>();
  private final List<BytePointer> copies = new ArrayList<>();

  private MappedFile(Path path, FileChannel channel, long size) {
    this.path = path;
    this.channel = channel;
    this.size = size;
  }

  /**
   * @throws WeightsException if the file cannot be read
   */
  static MappedFile open(Path path) {
    try {
      FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
      return new MappedFile(path, channel, channel.size());
    } catch (IOException e) {
      throw new WeightsException("weight file " + path + ": cannot be read (" + e + ")", e);
    }
  }

  Path path() {
    return path;
  }

  /** The file's name, for messages. */
  String name() {
    return String.valueOf(path.getFileName());
  }

  long size() {
    return size;
  }

  /**
   * Bytes of the file on the heap.
   *
   * @throws WeightsException if the file is shorter
   */
  byte[] read(long offset, int length) {
    requireInside(offset, length);
    byte[] bytes = new byte[length];
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    try {
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, offset + buffer.position()) < 0) {
          throw new WeightsException(name() + ": became shorter while it was read");
        }
      }
    } catch (IOException e) {
      throw new WeightsException("weight file " + path + ": cannot be read (" + e + ")", e);
    }
    return bytes;
  }

  /**
   * The address of a stretch of the file, valid while this object is open. Stretches within one
   * piece of 1 GB share its mapping, others have one of their own, and those beyond 2 GB are
   * copied.
   */
  BytePointer address(long offset, long length) {
    requireInside(offset, length);
    try {
      long chunk = offset / CHUNK_BYTES;
      if (offset + length <= Math.min(size, (chunk + 1) * CHUNK_BYTES)) {
        return pointer(chunk(chunk)).getPointer(offset - chunk * CHUNK_BYTES);
      }
      if (length <= Integer.MAX_VALUE) {
        MappedByteBuffer piece = channel.map(FileChannel.MapMode.READ_ONLY, offset, length);
        pieces.add(piece);
        return pointer(piece);
      }
      return copy(offset, length);
    } catch (IOException e) {
      throw new WeightsException("weight file " + path + ": cannot be mapped (" + e + ")", e);
    }
  }

  /** A mapped stretch of the file, for reading without copying it to the heap. */
  ByteBuffer buffer(long offset, int length) {
    requireInside(offset, length);
    try {
      return channel.map(FileChannel.MapMode.READ_ONLY, offset, length);
    } catch (IOException e) {
      throw new WeightsException("weight file " + path + ": cannot be mapped (" + e + ")", e);
    }
  }

  private MappedByteBuffer chunk(long index) throws IOException {
    MappedByteBuffer chunk = chunks.get(index);
    if (chunk == null) {
      long start = index * CHUNK_BYTES;
      long length = Math.min(CHUNK_BYTES, size - start);
      chunk = channel.map(FileChannel.MapMode.READ_ONLY, start, length);
      chunks.put(index, chunk);
    }
    return chunk;
  }

  private BytePointer copy(long offset, long length) throws IOException {
    BytePointer target = new BytePointer(length);
    target.retainReference();
    copies.add(target);
    for (long done = 0; done < length; done += CHUNK_BYTES) {
      long part = Math.min(CHUNK_BYTES, length - done);
      ByteBuffer piece = channel.map(FileChannel.MapMode.READ_ONLY, offset + done, part);
      target.getPointer(done).asByteBuffer().limit((int) part).put(piece);
    }
    return target;
  }

  private static BytePointer pointer(ByteBuffer buffer) {
    return new BytePointer(buffer);
  }

  private void requireInside(long offset, long length) {
    if (offset < 0 || length < 0 || offset > size - length) {
      throw new WeightsException(
          "%s: expected %d bytes at byte %d, found a file of %d bytes; is the download complete?"
              .formatted(name(), length, offset, size));
    }
  }

  /** Ends reading; copies are freed, mappings go when nobody can reach them. */
  @Override
  public void close() {
    copies.forEach(BytePointer::close);
    copies.clear();
    try {
      channel.close();
    } catch (IOException e) {
      throw new WeightsException("weight file " + path + ": cannot be closed (" + e + ")", e);
    }
  }
}
