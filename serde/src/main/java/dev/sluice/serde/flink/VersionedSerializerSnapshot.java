package dev.sluice.serde.flink;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a savepoint remembers about a serializer: the record's name, and the versions of its codec
 * and of the codecs within. Owned by the thread that restores.
 *
 * <p>Records carry their versions themselves, so older ones are read as they are and need no
 * migration.
 *
 * @param <T> the record
 */
public final class VersionedSerializerSnapshot<T> implements TypeSerializerSnapshot<T> {
  /** Name of the record, then pairs of codec name and version. */
  private static final int NAME_AND_VERSIONS = 1;

  private static final Logger LOG = LoggerFactory.getLogger(VersionedSerializerSnapshot.class);

  private String name = "";
  private Map<String, Integer> versions = Map.of();
  private @Nullable RecordCodec<T> codec;

  /** For Flink, which fills it by {@link #readSnapshot}. */
  public VersionedSerializerSnapshot() {}

  VersionedSerializerSnapshot(RecordCodec<T> codec) {
    this.name = codec.recordName();
    this.versions = versionsOf(codec);
    this.codec = codec;
  }

  @Override
  public int getCurrentVersion() {
    return NAME_AND_VERSIONS;
  }

  @Override
  public void writeSnapshot(DataOutputView out) throws IOException {
    out.writeUTF(name);
    out.writeInt(versions.size());
    for (Map.Entry<String, Integer> entry : versions.entrySet()) {
      out.writeUTF(entry.getKey());
      out.writeInt(entry.getValue());
    }
  }

  @Override
  public void readSnapshot(int readVersion, DataInputView in, ClassLoader classLoader)
      throws IOException {
    if (readVersion != NAME_AND_VERSIONS) {
      throw new IOException(
          "serializer snapshot: expected layout %d, found %d"
              .formatted(NAME_AND_VERSIONS, readVersion));
    }
    name = in.readUTF();
    int size = in.readInt();
    Map<String, Integer> read = new LinkedHashMap<>();
    for (int i = 0; i < size; i++) {
      read.put(in.readUTF(), in.readInt());
    }
    versions = read;
  }

  @Override
  public TypeSerializer<T> restoreSerializer() {
    return new VersionedSerializer<>(codec == null ? RecordTypes.codecOf(name) : codec);
  }

  @Override
  public TypeSerializerSchemaCompatibility<T> resolveSchemaCompatibility(
      TypeSerializerSnapshot<T> oldSnapshot) {
    if (!(oldSnapshot instanceof VersionedSerializerSnapshot<T> old) || !old.name.equals(name)) {
      return TypeSerializerSchemaCompatibility.incompatible();
    }
    String newer = newerThanKnown(old);
    if (newer.isEmpty()) {
      return TypeSerializerSchemaCompatibility.compatibleAsIs();
    }
    LOG.error("{}", newer);
    return TypeSerializerSchemaCompatibility.incompatible();
  }

  /** What in another snapshot this build cannot read, as one sentence; empty if nothing. */
  String newerThanKnown(VersionedSerializerSnapshot<?> old) {
    for (Map.Entry<String, Integer> entry : old.versions.entrySet()) {
      int known = versions.getOrDefault(entry.getKey(), 0);
      if (entry.getValue() > known) {
        return ("state of '%s': expected '%s' in version %d at the most, found %d; restore it with"
                + " the release that wrote it, or a later one")
            .formatted(name, entry.getKey(), known, entry.getValue());
      }
    }
    return "";
  }

  private static Map<String, Integer> versionsOf(RecordCodec<?> codec) {
    Map<String, Integer> versions = new LinkedHashMap<>();
    collect(codec, versions);
    return versions;
  }

  private static void collect(RecordCodec<?> codec, Map<String, Integer> into) {
    into.put(codec.recordName(), codec.version());
    codec.parts().forEach(part -> collect(part, into));
  }
}
