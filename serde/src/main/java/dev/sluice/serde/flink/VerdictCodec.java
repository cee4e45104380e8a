package dev.sluice.serde.flink;

import dev.sluice.models.value.LabelScores;
import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.Provenance;
import dev.sluice.serde.Verdict;
import java.io.IOException;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Wire form of {@link Verdict}. Version 2 added the calibration. Stateless, thus thread-safe. */
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
    return 2;
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
    Wire.writeNullableText(value.calibration(), out);
  }

  @Override
  public Verdict read(int version, DataInputView in) throws IOException {
    EventIdentity identity = EventIdentityCodec.INSTANCE.readVersioned(in);
    String verdictId = Wire.readText(in);
    String policyId = Wire.readText(in);
    String policyVersion = Wire.readText(in);
    Verdict.Decision decision = Wire.readEnum(Verdict.Decision.class, in);
    List<Verdict.Label> labels = Wire.readList(VerdictLabelCodec.INSTANCE, in);
    LabelScores.ScoreType scoreType = Wire.readEnum(LabelScores.ScoreType.class, in);
    String rationale = Wire.readNullableText(in);
    Provenance provenance = ProvenanceCodec.INSTANCE.readVersioned(in);
    String calibration = version >= 2 ? Wire.readNullableText(in) : null;
    return new Verdict(
        identity,
        verdictId,
        policyId,
        policyVersion,
        decision,
        labels,
        scoreType,
        calibration,
        rationale,
        provenance);
  }
}
