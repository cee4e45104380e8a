package dev.sluice.operators.stage;

import dev.sluice.serde.ImageEvent;
import java.io.IOException;
import java.util.Objects;
import org.apache.flink.api.common.typeutils.CompositeTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/** Writes pictures in flight into operator state. Owned by the task thread. */
final class InFlightImageSerializer extends TypeSerializer<InFlightImage> {
  private static final long serialVersionUID = 1L;

  private final TypeSerializer<ImageEvent> events;

  InFlightImageSerializer(TypeSerializer<ImageEvent> events) {
    this.events = events;
  }

  @Override
  public boolean isImmutableType() {
    return true;
  }

  @Override
  public TypeSerializer<InFlightImage> duplicate() {
    return new InFlightImageSerializer(events.duplicate());
  }

  @Override
  @SuppressWarnings("NullAway") // Flink's contract: never needed for immutable types
  public InFlightImage createInstance() {
    return null;
  }

  @Override
  public InFlightImage copy(InFlightImage from) {
    return from;
  }

  @Override
  public InFlightImage copy(InFlightImage from, InFlightImage reuse) {
    return from;
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public void serialize(InFlightImage image, DataOutputView target) throws IOException {
    Long timestamp = image.timestamp();
    target.writeBoolean(timestamp != null);
    if (timestamp != null) {
      target.writeLong(timestamp);
    }
    events.serialize(image.event(), target);
  }

  @Override
  public InFlightImage deserialize(DataInputView source) throws IOException {
    Long timestamp = source.readBoolean() ? source.readLong() : null;
    return new InFlightImage(events.deserialize(source), timestamp);
  }

  @Override
  public InFlightImage deserialize(InFlightImage reuse, DataInputView source) throws IOException {
    return deserialize(source);
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    serialize(deserialize(source), target);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof InFlightImageSerializer that && events.equals(that.events);
  }

  @Override
  public int hashCode() {
    return Objects.hash(InFlightImageSerializer.class, events);
  }

  @Override
  public TypeSerializerSnapshot<InFlightImage> snapshotConfiguration() {
    return new Snapshot(this);
  }

  /** What a savepoint remembers of the serializer. */
  public static final class Snapshot
      extends CompositeTypeSerializerSnapshot<InFlightImage, InFlightImageSerializer> {

    /** Version 1: a flag, the timestamp where there is one, the event. */
    private static final int VERSION = 1;

    /** For Flink, which reads it from a savepoint. */
    public Snapshot() {}

    Snapshot(InFlightImageSerializer serializer) {
      super(serializer);
    }

    @Override
    protected int getCurrentOuterSnapshotVersion() {
      return VERSION;
    }

    @Override
    protected TypeSerializer<?>[] getNestedSerializers(InFlightImageSerializer outer) {
      return new TypeSerializer<?>[] {outer.events};
    }

    @Override
    @SuppressWarnings("unchecked")
    protected InFlightImageSerializer createOuterSerializerWithNestedSerializers(
        TypeSerializer<?>[] nested) {
      return new InFlightImageSerializer((TypeSerializer<ImageEvent>) nested[0]);
    }
  }
}
