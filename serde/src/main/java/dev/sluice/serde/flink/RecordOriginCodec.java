package dev.sluice.serde.flink;

import dev.sluice.serde.RecordOrigin;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Wire form of {@link RecordOrigin}. Stateless, thus thread-safe. */
enum RecordOriginCodec implements RecordCodec<RecordOrigin> {
  INSTANCE;

  @Override
  public Class<RecordOrigin> type() {
    return RecordOrigin.class;
  }

  @Override
  public String recordName() {
    return "record-origin";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public void write(RecordOrigin value, DataOutputView out) throws IOException {
    Wire.writeText(value.topic(), out);
    out.writeInt(value.partition());
    out.writeLong(value.offset());
    Wire.writeNullableText(value.key(), out);
    Wire.writeTexts(value.headers(), out);
  }

  @Override
  public RecordOrigin read(int version, DataInputView in) throws IOException {
    return new RecordOrigin(
        Wire.readText(in),
        in.readInt(),
        in.readLong(),
        Wire.readNullableText(in),
        Wire.readTexts(in));
  }
}
