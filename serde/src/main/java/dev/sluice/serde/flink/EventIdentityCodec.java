package dev.sluice.serde.flink;

import dev.sluice.serde.EventIdentity;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Wire form of {@link EventIdentity}. Stateless, thus thread-safe. */
enum EventIdentityCodec implements RecordCodec<EventIdentity> {
  INSTANCE;

  @Override
  public Class<EventIdentity> type() {
    return EventIdentity.class;
  }

  @Override
  public String recordName() {
    return "event-identity";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public void write(EventIdentity value, DataOutputView out) throws IOException {
    Wire.writeText(value.eventId(), out);
    Wire.writeNullableText(value.tenantId(), out);
    Wire.writeNullableText(value.contentId(), out);
    out.writeInt(value.imageIndex());
    Wire.writeInstant(value.eventTime(), out);
  }

  @Override
  public EventIdentity read(int version, DataInputView in) throws IOException {
    return new EventIdentity(
        Wire.readText(in),
        Wire.readNullableText(in),
        Wire.readNullableText(in),
        in.readInt(),
        Wire.readInstant(in));
  }
}
