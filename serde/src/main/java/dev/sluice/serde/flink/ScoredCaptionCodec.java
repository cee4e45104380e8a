package dev.sluice.serde.flink;

import dev.sluice.serde.Description;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Wire form of {@link Description.ScoredCaption}. Stateless, thus thread-safe. */
enum ScoredCaptionCodec implements RecordCodec<Description.ScoredCaption> {
  INSTANCE;

  @Override
  public Class<Description.ScoredCaption> type() {
    return Description.ScoredCaption.class;
  }

  @Override
  public String recordName() {
    return "scored-caption";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public void write(Description.ScoredCaption value, DataOutputView out) throws IOException {
    Wire.writeText(value.text(), out);
    Double score = value.score();
    out.writeBoolean(score != null);
    if (score != null) {
      out.writeDouble(score);
    }
    out.writeBoolean(value.kept());
  }

  @Override
  public Description.ScoredCaption read(int version, DataInputView in) throws IOException {
    return new Description.ScoredCaption(
        Wire.readText(in), in.readBoolean() ? in.readDouble() : null, in.readBoolean());
  }
}
