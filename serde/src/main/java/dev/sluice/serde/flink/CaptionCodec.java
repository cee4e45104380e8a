package dev.sluice.serde.flink;

import dev.sluice.models.value.GeneratedText;
import dev.sluice.serde.Caption;
import java.io.IOException;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Wire form of {@link Caption}. Stateless, thus thread-safe. */
enum CaptionCodec implements RecordCodec<Caption> {
  INSTANCE;

  @Override
  public Class<Caption> type() {
    return Caption.class;
  }

  @Override
  public String recordName() {
    return "caption";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public List<RecordCodec<?>> parts() {
    return List.of(EventIdentityCodec.INSTANCE, ProvenanceCodec.INSTANCE);
  }

  @Override
  public void write(Caption value, DataOutputView out) throws IOException {
    EventIdentityCodec.INSTANCE.writeVersioned(value.identity(), out);
    Wire.writeText(value.text(), out);
    Wire.writeNullableText(value.language(), out);
    Wire.writeEnum(value.finishReason(), out);
    out.writeInt(value.tokenCount());
    out.writeDouble(value.meanLogprob());
    ProvenanceCodec.INSTANCE.writeVersioned(value.provenance(), out);
  }

  @Override
  public Caption read(int version, DataInputView in) throws IOException {
    return new Caption(
        EventIdentityCodec.INSTANCE.readVersioned(in),
        Wire.readText(in),
        Wire.readNullableText(in),
        Wire.readEnum(GeneratedText.FinishReason.class, in),
        in.readInt(),
        in.readDouble(),
        ProvenanceCodec.INSTANCE.readVersioned(in));
  }
}
