package dev.sluice.serde.flink;

import java.io.EOFException;
import java.io.IOException;
import java.time.DateTimeException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * Flink's serializer of one kind of record, by its codec; copies are the record itself. Stateless,
 * thus thread-safe.
 *
 * @param <T> an immutable record
 */
public final class VersionedSerializer<T> extends TypeSerializer<T> {
  private static final long serialVersionUID = 1L;

  private final RecordCodec<T> codec;

  public VersionedSerializer(RecordCodec<T> codec) {
    this.codec = codec;
  }

  RecordCodec<T> codec() {
    return codec;
  }

  @Override
  public boolean isImmutableType() {
    return true;
  }

  @Override
  public TypeSerializer<T> duplicate() {
    return this;
  }

  /** Null: there is no empty record, and an immutable one is never filled. */
  @Override
  @SuppressWarnings("NullAway") // Flink allows null here for immutable types
  public T createInstance() {
    return null;
  }

  @Override
  public T copy(T from) {
    return from;
  }

  @Override
  public T copy(T from, T reuse) {
    return from;
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public void serialize(T value, DataOutputView target) throws IOException {
    codec.writeVersioned(value, target);
  }

  @Override
  public T deserialize(DataInputView source) throws IOException {
    try {
      return codec.readVersioned(source);
    } catch (EOFException e) {
      throw e;
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IOException("record '%s': %s".formatted(codec.recordName(), e.getMessage()), e);
    }
  }

  @Override
  public T deserialize(T reuse, DataInputView source) throws IOException {
    return deserialize(source);
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    serialize(deserialize(source), target);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof VersionedSerializer<?> that && codec.equals(that.codec);
  }

  @Override
  public int hashCode() {
    return codec.hashCode();
  }

  @Override
  public String toString() {
    return "VersionedSerializer[" + codec.recordName() + " v" + codec.version() + "]";
  }

  @Override
  public TypeSerializerSnapshot<T> snapshotConfiguration() {
    return new VersionedSerializerSnapshot<>(codec);
  }
}
