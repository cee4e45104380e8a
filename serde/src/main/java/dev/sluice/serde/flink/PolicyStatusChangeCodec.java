package dev.sluice.serde.flink;

import dev.sluice.serde.PolicyChange;
import dev.sluice.serde.PolicyStatus;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Wire form of {@link PolicyStatus.Change}. Stateless, thus thread-safe. */
enum PolicyStatusChangeCodec implements RecordCodec<PolicyStatus.Change> {
  INSTANCE;

  @Override
  public Class<PolicyStatus.Change> type() {
    return PolicyStatus.Change.class;
  }

  @Override
  public String recordName() {
    return "policy-status-change";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public void write(PolicyStatus.Change value, DataOutputView out) throws IOException {
    Wire.writeText(value.policyId(), out);
    Wire.writeNullableText(value.version(), out);
    Wire.writeEnum(value.mode(), out);
    Wire.writeInstant(value.effectiveFrom(), out);
  }

  @Override
  public PolicyStatus.Change read(int version, DataInputView in) throws IOException {
    return new PolicyStatus.Change(
        Wire.readText(in),
        Wire.readNullableText(in),
        Wire.readEnum(PolicyChange.Mode.class, in),
        Wire.readInstant(in));
  }
}
