package dev.sluice.serde.flink;

import dev.sluice.serde.PolicyStatus;
import java.io.IOException;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Wire form of {@link PolicyStatus}. Stateless, thus thread-safe. */
enum PolicyStatusCodec implements RecordCodec<PolicyStatus> {
  INSTANCE;

  @Override
  public Class<PolicyStatus> type() {
    return PolicyStatus.class;
  }

  @Override
  public String recordName() {
    return "policy-status";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public List<RecordCodec<?>> parts() {
    return List.of(RecordOriginCodec.INSTANCE, PolicyStatusChangeCodec.INSTANCE);
  }

  @Override
  public void write(PolicyStatus value, DataOutputView out) throws IOException {
    RecordOriginCodec.INSTANCE.writeVersioned(value.origin(), out);
    Wire.writeInstant(value.time(), out);
    Wire.writeNullable(value.change(), PolicyStatusChangeCodec.INSTANCE, out);
    Wire.writeNullableText(value.reason(), out);
  }

  @Override
  public PolicyStatus read(int version, DataInputView in) throws IOException {
    return new PolicyStatus(
        RecordOriginCodec.INSTANCE.readVersioned(in),
        Wire.readInstant(in),
        Wire.readNullable(PolicyStatusChangeCodec.INSTANCE, in),
        Wire.readNullableText(in));
  }
}
