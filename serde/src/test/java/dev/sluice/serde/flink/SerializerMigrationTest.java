package dev.sluice.serde.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.serde.Rejection;
import dev.sluice.serde.Samples;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;
import org.junit.jupiter.api.Test;

class SerializerMigrationTest {
  private static final ClassLoader LOADER = SerializerMigrationTest.class.getClassLoader();

  @Test
  void fixturesOfVersion1_areReadByThisBuild() throws IOException {
    assertFixturesAreRead("v1", SerializerFixtures.RECORDS_OF_VERSION_1);
  }

  @Test
  void fixturesOfVersion2_areReadByThisBuild() throws IOException {
    assertFixturesAreRead("v2", SerializerFixtures.RECORDS_OF_VERSION_2);
  }

  @Test
  void fixturesOfVersion3_areReadByThisBuild() throws IOException {
    assertFixturesAreRead("v3", SerializerFixtures.RECORDS_OF_VERSION_3);
  }

  @Test
  void fixturesOfVersion4_areReadByThisBuild() throws IOException {
    assertFixturesAreRead("v4", SerializerFixtures.RECORDS);
  }

  private static void assertFixturesAreRead(String version, Map<RecordTypeInfo<?>, Object> expected)
      throws IOException {
    for (Map.Entry<RecordTypeInfo<?>, Object> entry : expected.entrySet()) {
      assertFixtureIsRead(version, entry.getKey(), entry.getValue());
    }
  }

  private static <T> void assertFixtureIsRead(
      String version, RecordTypeInfo<T> type, Object expected) throws IOException {
    DataInputDeserializer in = fixture(version, type);
    TypeSerializerSnapshot<T> old = TypeSerializerSnapshot.readVersionedSnapshot(in, LOADER);
    TypeSerializer<T> serializer = type.createSerializer();

    assertThat(
            serializer.snapshotConfiguration().resolveSchemaCompatibility(old).isCompatibleAsIs())
        .as("%s", type)
        .isTrue();
    assertThat(old.restoreSerializer()).isEqualTo(serializer);
    assertThat(serializer.deserialize(in))
        .usingRecursiveComparison()
        .as("%s", type)
        .isEqualTo(expected);
    assertThat(in.available()).as("%s: bytes left", type).isZero();
  }

  @Test
  void fixtureOfVersion1_isReadAfterAFieldWasAdded() throws IOException {
    DataInputDeserializer in = fixture("v1", RecordTypes.REJECTION);
    TypeSerializerSnapshot<Rejection> old =
        TypeSerializerSnapshot.readVersionedSnapshot(in, LOADER);
    TypeSerializer<Rejection> next = new VersionedSerializer<>(NextRejectionCodec.INSTANCE);

    assertThat(next.snapshotConfiguration().resolveSchemaCompatibility(old).isCompatibleAsIs())
        .isTrue();
    assertThat(next.deserialize(in)).isEqualTo(Samples.REJECTION);

    DataOutputSerializer out = new DataOutputSerializer(256);
    next.serialize(Samples.REJECTION, out);
    assertThat(next.deserialize(new DataInputDeserializer(out.getCopyOfBuffer())).message())
        .isEqualTo(Samples.REJECTION.message() + " (seen by node-1)");
  }

  @Test
  void snapshotOfANewerRelease_isRefusedWithASentence() throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(256);
    TypeSerializerSnapshot.writeVersionedSnapshot(
        out, new VersionedSerializer<>(NextRejectionCodec.INSTANCE).snapshotConfiguration());
    TypeSerializerSnapshot<Rejection> newer =
        TypeSerializerSnapshot.readVersionedSnapshot(
            new DataInputDeserializer(out.getCopyOfBuffer()), LOADER);
    VersionedSerializerSnapshot<Rejection> known =
        new VersionedSerializerSnapshot<>(RejectionCodec.INSTANCE);

    assertThat(known.resolveSchemaCompatibility(newer).isIncompatible()).isTrue();
    assertThat(known.newerThanKnown((VersionedSerializerSnapshot<?>) newer))
        .isEqualTo(
            "state of 'rejection': expected 'rejection' in version 1 at the most, found 2; restore"
                + " it with the release that wrote it, or a later one");
  }

  @Test
  void snapshotOfAnotherRecord_isIncompatible() throws IOException {
    DataInputDeserializer in = fixture("v1", RecordTypes.VERDICT);
    TypeSerializerSnapshot<Rejection> other =
        TypeSerializerSnapshot.readVersionedSnapshot(in, LOADER);

    assertThat(
            new VersionedSerializerSnapshot<>(RejectionCodec.INSTANCE)
                .resolveSchemaCompatibility(other)
                .isIncompatible())
        .isTrue();
  }

  @Test
  void recordOfANewerRelease_isRefusedWithASentence() throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(256);
    new VersionedSerializer<>(NextRejectionCodec.INSTANCE).serialize(Samples.REJECTION, out);

    assertThatThrownBy(
            () ->
                RecordTypes.REJECTION
                    .createSerializer()
                    .deserialize(new DataInputDeserializer(out.getCopyOfBuffer())))
        .isInstanceOf(IOException.class)
        .hasMessage("record 'rejection': expected a version between 1 and 1, found 2");
  }

  private static DataInputDeserializer fixture(String version, RecordTypeInfo<?> type)
      throws IOException {
    String path = "/serializer-fixtures/" + version + "/" + type + ".bin";
    try (InputStream in =
        Objects.requireNonNull(SerializerMigrationTest.class.getResourceAsStream(path), path)) {
      return new DataInputDeserializer(in.readAllBytes());
    }
  }

  /** What a release that adds a field to rejections would ship. */
  private enum NextRejectionCodec implements RecordCodec<Rejection> {
    INSTANCE;

    @Override
    public Class<Rejection> type() {
      return Rejection.class;
    }

    @Override
    public String recordName() {
      return RejectionCodec.INSTANCE.recordName();
    }

    @Override
    public int version() {
      return 2;
    }

    @Override
    public List<RecordCodec<?>> parts() {
      return RejectionCodec.INSTANCE.parts();
    }

    @Override
    public void write(Rejection value, DataOutputView out) throws IOException {
      RejectionCodec.INSTANCE.write(value, out);
      Wire.writeNullableText("node-1", out);
    }

    @Override
    public Rejection read(int version, DataInputView in) throws IOException {
      Rejection base = RejectionCodec.INSTANCE.read(1, in);
      String node = version >= 2 ? Wire.readNullableText(in) : null;
      return node == null
          ? base
          : new Rejection(
              base.identity(),
              base.origin(),
              base.stage(),
              base.category(),
              base.message() + " (seen by " + node + ")",
              base.attempt());
    }
  }
}
