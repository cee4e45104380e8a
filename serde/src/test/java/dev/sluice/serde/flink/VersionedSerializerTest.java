package dev.sluice.serde.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sluice.serde.Caption;
import dev.sluice.serde.Description;
import dev.sluice.serde.EncodedImage;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.RecordArbitraries;
import dev.sluice.serde.Rejection;
import dev.sluice.serde.Samples;
import dev.sluice.serde.SlicedImage;
import dev.sluice.serde.Verdict;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

class VersionedSerializerTest {

  @Test
  void everyRecord_isFoundByFlink() {
    assertThat(TypeInformation.of(ImageEvent.class)).isSameAs(RecordTypes.IMAGE_EVENT);
    assertThat(TypeInformation.of(SlicedImage.class)).isSameAs(RecordTypes.SLICED_IMAGE);
    assertThat(TypeInformation.of(EncodedImage.class)).isSameAs(RecordTypes.ENCODED_IMAGE);
    assertThat(TypeInformation.of(Caption.class)).isSameAs(RecordTypes.CAPTION);
    assertThat(TypeInformation.of(Verdict.class)).isSameAs(RecordTypes.VERDICT);
    assertThat(TypeInformation.of(Description.class)).isSameAs(RecordTypes.DESCRIPTION);
    assertThat(TypeInformation.of(Rejection.class)).isSameAs(RecordTypes.REJECTION);
  }

  @Test
  void everySerializer_survivesJavaSerialization() throws Exception {
    for (RecordTypeInfo<?> type : SerializerFixtures.RECORDS.keySet()) {
      TypeSerializer<?> serializer = type.createSerializer();
      assertThat(InstantiationUtil.clone(serializer)).isEqualTo(serializer);
      assertThat(InstantiationUtil.clone(type)).isEqualTo(type);
    }
  }

  @Test
  void copy_isTheRecordItself() {
    TypeSerializer<Caption> serializer = RecordTypes.CAPTION.createSerializer();

    assertThat(serializer.isImmutableType()).isTrue();
    assertThat(serializer.copy(Samples.CAPTION)).isSameAs(Samples.CAPTION);
  }

  @Test
  void copyOfBytes_isTheSameBytes() throws IOException {
    byte[] bytes = write(RecordTypes.VERDICT, Samples.VERDICT);
    DataOutputSerializer out = new DataOutputSerializer(256);

    RecordTypes.VERDICT.createSerializer().copy(new DataInputDeserializer(bytes), out);

    assertThat(out.getCopyOfBuffer()).isEqualTo(bytes);
  }

  @Property(tries = 200)
  void event_roundTrips(@ForAll("events") ImageEvent event) throws IOException {
    assertThat(read(RecordTypes.IMAGE_EVENT, write(RecordTypes.IMAGE_EVENT, event)))
        .isEqualTo(event);
  }

  @Property(tries = 200)
  void caption_roundTrips(@ForAll("captions") Caption caption) throws IOException {
    assertThat(read(RecordTypes.CAPTION, write(RecordTypes.CAPTION, caption))).isEqualTo(caption);
  }

  @Property(tries = 200)
  void verdict_roundTrips(@ForAll("verdicts") Verdict verdict) throws IOException {
    assertThat(read(RecordTypes.VERDICT, write(RecordTypes.VERDICT, verdict))).isEqualTo(verdict);
  }

  @Property(tries = 200)
  void description_roundTrips(@ForAll("descriptions") Description description) throws IOException {
    assertThat(read(RecordTypes.DESCRIPTION, write(RecordTypes.DESCRIPTION, description)))
        .isEqualTo(description);
  }

  @Property(tries = 200)
  void rejection_roundTrips(@ForAll("rejections") Rejection rejection) throws IOException {
    assertThat(read(RecordTypes.REJECTION, write(RecordTypes.REJECTION, rejection)))
        .isEqualTo(rejection);
  }

  @Property(tries = 500)
  void damagedBytes_giveARecordOrAnIoException(
      @ForAll @IntRange(max = 4000) int position, @ForAll byte value) throws IOException {
    for (Map.Entry<RecordTypeInfo<?>, Object> entry : SerializerFixtures.RECORDS.entrySet()) {
      byte[] bytes = writeAny(entry.getKey(), entry.getValue());
      bytes[position % bytes.length] = value;
      Throwable thrown = catchThrowable(() -> read(entry.getKey(), bytes));
      assertThat(thrown)
          .satisfiesAnyOf(
              none -> assertThat(none).isNull(),
              io -> assertThat(io).isInstanceOf(IOException.class));
    }
  }

  @Property(tries = 100)
  void truncatedBytes_areRefused(@ForAll @IntRange(max = 4000) int length) throws IOException {
    for (Map.Entry<RecordTypeInfo<?>, Object> entry : SerializerFixtures.RECORDS.entrySet()) {
      byte[] bytes = writeAny(entry.getKey(), entry.getValue());
      byte[] cut = Arrays.copyOf(bytes, length % bytes.length);
      assertThatThrownBy(() -> read(entry.getKey(), cut)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void lyingLength_isRefusedWithoutTheMemory() throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    out.writeByte(1);
    out.writeInt(Wire.MAX_BLOB_BYTES);
    out.write(new byte[16]);
    DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
    in.readByte();

    assertThatThrownBy(() -> Wire.readBlob(in)).isInstanceOf(IOException.class);
  }

  @Test
  void negativeLength_isRefusedWithTheLimit() throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    out.writeInt(-5);

    assertThatThrownBy(() -> Wire.readText(new DataInputDeserializer(out.getCopyOfBuffer())))
        .hasMessage("text: expected a length between 0 and 8388608, found -5");
  }

  @Provide
  Arbitrary<ImageEvent> events() {
    return RecordArbitraries.events();
  }

  @Provide
  Arbitrary<Caption> captions() {
    return RecordArbitraries.captions();
  }

  @Provide
  Arbitrary<Verdict> verdicts() {
    return RecordArbitraries.verdicts();
  }

  @Provide
  Arbitrary<Description> descriptions() {
    return RecordArbitraries.descriptions();
  }

  @Provide
  Arbitrary<Rejection> rejections() {
    return RecordArbitraries.rejections();
  }

  private static <T> byte[] write(RecordTypeInfo<T> type, T value) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(256);
    type.createSerializer().serialize(value, out);
    return out.getCopyOfBuffer();
  }

  @SuppressWarnings("unchecked") // the fixtures pair a type with its record
  private static <T> byte[] writeAny(RecordTypeInfo<T> type, Object value) throws IOException {
    return write(type, (T) value);
  }

  private static <T> T read(RecordTypeInfo<T> type, byte[] bytes) throws IOException {
    return type.createSerializer().deserialize(new DataInputDeserializer(bytes));
  }
}
