package dev.sluice.serde.flink;

import dev.sluice.serde.PolicyAssignment;
import java.io.IOException;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Wire form of {@link PolicyAssignment}. Stateless, thus thread-safe. */
enum PolicyAssignmentCodec implements RecordCodec<PolicyAssignment> {
  INSTANCE;

  @Override
  public Class<PolicyAssignment> type() {
    return PolicyAssignment.class;
  }

  @Override
  public String recordName() {
    return "policy-assignment";
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
  public void write(PolicyAssignment value, DataOutputView out) throws IOException {
    ModerationPolicyCodec.INSTANCE.writeVersioned(value.deciding(), out);
    Wire.writeNullable(value.shadow(), ModerationPolicyCodec.INSTANCE, out);
  }

  @Override
  public PolicyAssignment read(int version, DataInputView in) throws IOException {
    return new PolicyAssignment(
        ModerationPolicyCodec.INSTANCE.readVersioned(in),
        Wire.readNullable(ModerationPolicyCodec.INSTANCE, in));
  }
}
