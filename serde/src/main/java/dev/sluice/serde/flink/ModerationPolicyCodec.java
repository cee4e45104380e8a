package dev.sluice.serde.flink;

import dev.sluice.serde.ModerationPolicy;
import java.io.IOException;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Wire form of {@link ModerationPolicy}. Stateless, thus thread-safe. */
enum ModerationPolicyCodec implements RecordCodec<ModerationPolicy> {
  INSTANCE;

  @Override
  public Class<ModerationPolicy> type() {
    return ModerationPolicy.class;
  }

  @Override
  public String recordName() {
    return "moderation-policy";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public List<RecordCodec<?>> parts() {
    return List.of(PolicyLabelCodec.INSTANCE);
  }

  @Override
  public void write(ModerationPolicy value, DataOutputView out) throws IOException {
    Wire.writeText(value.id(), out);
    Wire.writeText(value.version(), out);
    Wire.writeText(value.question(), out);
    Wire.writeTexts(value.options(), out);
    Wire.writeNullableText(value.neutralOption(), out);
    Wire.writeList(value.labels(), PolicyLabelCodec.INSTANCE, out);
  }

  @Override
  public ModerationPolicy read(int version, DataInputView in) throws IOException {
    return new ModerationPolicy(
        Wire.readText(in),
        Wire.readText(in),
        Wire.readText(in),
        Wire.readTextList(in),
        Wire.readNullableText(in),
        Wire.readList(PolicyLabelCodec.INSTANCE, in));
  }
}
