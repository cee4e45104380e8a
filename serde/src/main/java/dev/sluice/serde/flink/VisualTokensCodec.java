package dev.sluice.serde.flink;

import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.VisualTokens;
import java.io.IOException;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Wire form of {@link VisualTokens}. Stateless, thus thread-safe. */
enum VisualTokensCodec implements RecordCodec<VisualTokens> {
  INSTANCE;

  @Override
  public Class<VisualTokens> type() {
    return VisualTokens.class;
  }

  @Override
  public String recordName() {
    return "visual-tokens";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public List<RecordCodec<?>> parts() {
    return List.of(SlicePlanCodec.INSTANCE);
  }

  @Override
  public void write(VisualTokens value, DataOutputView out) throws IOException {
    SlicePlanCodec.INSTANCE.writeVersioned(value.plan(), out);
    out.writeInt(value.rows());
    out.writeInt(value.width());
    Wire.writeEnum(value.dtype(), out);
    Wire.writeBlob(value.data(), out);
  }

  @Override
  public VisualTokens read(int version, DataInputView in) throws IOException {
    return new VisualTokens(
        SlicePlanCodec.INSTANCE.readVersioned(in),
        in.readInt(),
        in.readInt(),
        Wire.readEnum(Dtype.class, in),
        Wire.readBlob(in));
  }
}
