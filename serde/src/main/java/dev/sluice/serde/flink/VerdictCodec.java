package dev.sluice.serde.flink;

import dev.sluice.models.value.LabelScores;
import dev.sluice.serde.Verdict;
import java.io.IOException;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Wire form of {@link Verdict}. Stateless, thus thread-safe. */
enum VerdictCodec implements RecordCodec<Verdict> {
  INSTANCE;

  @Override
  public Class<Verdict> type() {
    return Verdict.class;
  }

  @Override
  public String recordName() {
    return "verdict";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public List<RecordCodec<?>> parts() {
    return List.of(
        EventIdentityCodec.INSTANCE, VerdictLabelCodec.INSTANCE, ProvenanceCodec.INSTANCE);
  }

  @Override
  public void write(Verdict value, DataOutputView out) throws IOException {
    EventIdentityCodec.INSTANCE.writeVersioned(value.identity(), out);
    Wire.writeText(value.verdictId(), out);
    Wire.writeText(value.policyId(), out);
    Wire.writeText(value.policyVersion(), out);
    Wire.writeEnum(value.decision(), out);
    Wire.writeList(value.labels(), VerdictLabelCodec.INSTANCE, out);
    Wire.writeEnum(value.scoreType(), out);
    Wire.writeNullableText(value.rationale(), out);
    ProvenanceCodec.INSTANCE.writeVersioned(value.provenance(), out);
  }

  @Override
  public Verdict read(int version, DataInputView in) throws IOException {
    return new Verdict(
        EventIdentityCodec.INSTANCE.readVersioned(in),
        Wire.readText(in),
        Wire.readText(in),
        Wire.readText(in),
        Wire.readEnum(Verdict.Decision.class, in),
        Wire.readList(VerdictLabelCodec.INSTANCE, in),
        Wire.readEnum(LabelScores.ScoreType.class, in),
        Wire.readNullableText(in),
        ProvenanceCodec.INSTANCE.readVersioned(in));
  }
}
