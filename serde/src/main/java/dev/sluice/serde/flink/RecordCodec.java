package dev.sluice.serde.flink;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Writes one kind of record, and reads it in every version there ever was. Stateless, thus
 * thread-safe.
 *
 * <p>To add a field: write it last, raise {@link #version()}, and in {@link #read} give it a
 * default where {@code version} is older. Never remove the reading of a version that was released.
 *
 * @param <T> an immutable record
 */
public interface RecordCodec<T> extends Serializable {
  Class<T> type();

  /** Stable name of the record in snapshots. */
  String recordName();

  /** What {@link #write} writes, 1 to 255. */
  int version();

  /** The codecs of the records within this one. */
  default List<RecordCodec<?>> parts() {
    return List.of();
  }

  void write(T value, DataOutputView out) throws IOException;

  /**
   * @param version between 1 and {@link #version()}
   */
  T read(int version, DataInputView in) throws IOException;

  /** Writes the version, then the record. */
  default void writeVersioned(T value, DataOutputView out) throws IOException {
    out.writeByte(version());
    write(value, out);
  }

  /**
   * Reads what {@link #writeVersioned} of this or an older build wrote.
   *
   * @throws IOException for a version that this build does not know
   */
  default T readVersioned(DataInputView in) throws IOException {
    int found = in.readUnsignedByte();
    if (found < 1 || found > version()) {
      throw new IOException(
          "record '%s': expected a version between 1 and %d, found %d"
              .formatted(recordName(), version(), found));
    }
    return read(found, in);
  }
}
