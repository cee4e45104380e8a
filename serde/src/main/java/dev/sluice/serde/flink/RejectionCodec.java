package dev.sluice.serde.flink;

import dev.sluice.serde.Rejection;
import java.io.IOException;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Wire form of {@link Rejection}. Stateless, thus thread-safe. */
enum RejectionCodec implements RecordCodec<Rejection> {
  INSTANCE;

  @Override
  public Class<Rejection> type() {
    return Rejection.class;
  }

  @Override
  public String recordName() {
    return "rejection";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public List<RecordCodec<?>> parts() {
    return List.of(EventIdentityCodec.INSTANCE, RecordOriginCodec.INSTANCE);
  }

  @Override
  public void write(Rejection value, DataOutputView out) throws IOException {
    EventIdentityCodec.INSTANCE.writeVersioned(value.identity(), out);
    Wire.writeNullable(value.origin(), RecordOriginCodec.INSTANCE, out);
    Wire.writeEnum(value.stage(), out);
    Wire.writeEnum(value.category(), out);
    Wire.writeText(value.message(), out);
    out.writeInt(value.attempt());
  }

  @Override
  public Rejection read(int version, DataInputView in) throws IOException {
    return new Rejection(
        EventIdentityCodec.INSTANCE.readVersioned(in),
        Wire.readNullable(RecordOriginCodec.INSTANCE, in),
        Wire.readEnum(Rejection.Stage.class, in),
        Wire.readEnum(Rejection.Category.class, in),
        Wire.readText(in),
        in.readInt());
  }
}
