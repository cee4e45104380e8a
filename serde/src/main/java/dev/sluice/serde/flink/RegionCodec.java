package dev.sluice.serde.flink;

import dev.sluice.serde.Description;
import java.io.IOException;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Wire form of {@link Description.Region}. Stateless, thus thread-safe. */
enum RegionCodec implements RecordCodec<Description.Region> {
  INSTANCE;

  @Override
  public Class<Description.Region> type() {
    return Description.Region.class;
  }

  @Override
  public String recordName() {
    return "described-region";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public List<RecordCodec<?>> parts() {
    return List.of(ScoredCaptionCodec.INSTANCE);
  }

  @Override
  public void write(Description.Region value, DataOutputView out) throws IOException {
    out.writeInt(value.x());
    out.writeInt(value.y());
    out.writeInt(value.width());
    out.writeInt(value.height());
    ScoredCaptionCodec.INSTANCE.writeVersioned(value.caption(), out);
  }

  @Override
  public Description.Region read(int version, DataInputView in) throws IOException {
    return new Description.Region(
        in.readInt(),
        in.readInt(),
        in.readInt(),
        in.readInt(),
        ScoredCaptionCodec.INSTANCE.readVersioned(in));
  }
}
