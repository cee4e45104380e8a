package dev.sluice.serde.flink;

import dev.sluice.serde.Provenance;
import dev.sluice.serde.Provenance.CacheUse;
import java.io.IOException;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Wire form of {@link Provenance}. Stateless, thus thread-safe. */
enum ProvenanceCodec implements RecordCodec<Provenance> {
  INSTANCE;

  @Override
  public Class<Provenance> type() {
    return Provenance.class;
  }

  @Override
  public String recordName() {
    return "provenance";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public List<RecordCodec<?>> parts() {
    return List.of(ModelInfoCodec.INSTANCE, SlicePlanCodec.INSTANCE, StageTimingsCodec.INSTANCE);
  }

  @Override
  public void write(Provenance value, DataOutputView out) throws IOException {
    ModelInfoCodec.INSTANCE.writeVersioned(value.model(), out);
    Wire.writeNullableText(value.adapter(), out);
    Wire.writeText(value.promptId(), out);
    Wire.writeText(value.promptVersion(), out);
    SlicePlanCodec.INSTANCE.writeVersioned(value.slicePlan(), out);
    out.writeInt(value.visualTokens());
    out.writeBoolean(value.degraded());
    StageTimingsCodec.INSTANCE.writeVersioned(value.timings(), out);
    Wire.writeText(value.cache().label(), out);
    out.writeInt(value.attempt());
  }

  @Override
  public Provenance read(int version, DataInputView in) throws IOException {
    return new Provenance(
        ModelInfoCodec.INSTANCE.readVersioned(in),
        Wire.readNullableText(in),
        Wire.readText(in),
        Wire.readText(in),
        SlicePlanCodec.INSTANCE.readVersioned(in),
        in.readInt(),
        in.readBoolean(),
        StageTimingsCodec.INSTANCE.readVersioned(in),
        CacheUse.parse(Wire.readText(in)),
        in.readInt());
  }
}
