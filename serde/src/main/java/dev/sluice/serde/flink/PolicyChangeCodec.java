package dev.sluice.serde.flink;

import dev.sluice.serde.PolicyChange;
import java.io.IOException;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Wire form of {@link PolicyChange}. Stateless, thus thread-safe. */
enum PolicyChangeCodec implements RecordCodec<PolicyChange> {
  INSTANCE;

  @Override
  public Class<PolicyChange> type() {
    return PolicyChange.class;
  }

  @Override
  public String recordName() {
    return "policy-change";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public List<RecordCodec<?>> parts() {
    return List.of(ModerationPolicyCodec.INSTANCE);
  }

  @Override
  public void write(PolicyChange value, DataOutputView out) throws IOException {
    Wire.writeText(value.id(), out);
    Wire.writeEnum(value.mode(), out);
    Wire.writeInstant(value.effectiveFrom(), out);
    Wire.writeNullable(value.policy(), ModerationPolicyCodec.INSTANCE, out);
  }

  @Override
  public PolicyChange read(int version, DataInputView in) throws IOException {
    return new PolicyChange(
        Wire.readText(in),
        Wire.readEnum(PolicyChange.Mode.class, in),
        Wire.readInstant(in),
        Wire.readNullable(ModerationPolicyCodec.INSTANCE, in));
  }
}
