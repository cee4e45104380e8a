package dev.sluice.serde.flink;

import dev.sluice.models.value.Size;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Wire form of {@link Size}. Stateless, thus thread-safe. */
enum SizeCodec implements RecordCodec<Size> {
  INSTANCE;

  @Override
  public Class<Size> type() {
    return Size.class;
  }

  @Override
  public String recordName() {
    return "size";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public void write(Size value, DataOutputView out) throws IOException {
    out.writeInt(value.width());
    out.writeInt(value.height());
  }

  @Override
  public Size read(int version, DataInputView in) throws IOException {
    return new Size(in.readInt(), in.readInt());
  }
}
