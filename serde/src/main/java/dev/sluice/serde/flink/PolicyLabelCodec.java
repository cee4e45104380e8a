package dev.sluice.serde.flink;

import dev.sluice.serde.ModerationPolicy;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Wire form of {@link ModerationPolicy.Label}. Stateless, thus thread-safe. */
enum PolicyLabelCodec implements RecordCodec<ModerationPolicy.Label> {
  INSTANCE;

  @Override
  public Class<ModerationPolicy.Label> type() {
    return ModerationPolicy.Label.class;
  }

  @Override
  public String recordName() {
    return "policy-label";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public void write(ModerationPolicy.Label value, DataOutputView out) throws IOException {
    Wire.writeText(value.code(), out);
    Wire.writeText(value.option(), out);
    out.writeDouble(value.reviewThreshold());
    out.writeDouble(value.blockThreshold());
  }

  @Override
  public ModerationPolicy.Label read(int version, DataInputView in) throws IOException {
    return new ModerationPolicy.Label(
        Wire.readText(in), Wire.readText(in), in.readDouble(), in.readDouble());
  }
}
