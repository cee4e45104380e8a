package dev.sluice.serde.flink;

import dev.sluice.serde.Verdict;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Wire form of {@link Verdict.Label}. Stateless, thus thread-safe. */
enum VerdictLabelCodec implements RecordCodec<Verdict.Label> {
  INSTANCE;

  @Override
  public Class<Verdict.Label> type() {
    return Verdict.Label.class;
  }

  @Override
  public String recordName() {
    return "verdict-label";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public void write(Verdict.Label value, DataOutputView out) throws IOException {
    Wire.writeText(value.code(), out);
    out.writeDouble(value.score());
    out.writeDouble(value.threshold());
    Wire.writeNullableText(value.region(), out);
  }

  @Override
  public Verdict.Label read(int version, DataInputView in) throws IOException {
    return new Verdict.Label(
        Wire.readText(in), in.readDouble(), in.readDouble(), Wire.readNullableText(in));
  }
}
