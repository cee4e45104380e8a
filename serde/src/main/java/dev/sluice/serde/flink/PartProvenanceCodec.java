package dev.sluice.serde.flink;

import dev.sluice.serde.Description;
import java.io.IOException;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Wire form of {@link Description.PartProvenance}. Stateless, thus thread-safe. */
enum PartProvenanceCodec implements RecordCodec<Description.PartProvenance> {
  INSTANCE;

  @Override
  public Class<Description.PartProvenance> type() {
    return Description.PartProvenance.class;
  }

  @Override
  public String recordName() {
    return "part-provenance";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public List<RecordCodec<?>> parts() {
    return List.of(ProvenanceCodec.INSTANCE);
  }

  @Override
  public void write(Description.PartProvenance value, DataOutputView out) throws IOException {
    Wire.writeEnum(value.part(), out);
    ProvenanceCodec.INSTANCE.writeVersioned(value.provenance(), out);
  }

  @Override
  public Description.PartProvenance read(int version, DataInputView in) throws IOException {
    return new Description.PartProvenance(
        Wire.readEnum(Description.Part.class, in), ProvenanceCodec.INSTANCE.readVersioned(in));
  }
}
