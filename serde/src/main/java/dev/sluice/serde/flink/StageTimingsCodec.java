package dev.sluice.serde.flink;

import dev.sluice.serde.StageTimings;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Wire form of {@link StageTimings}. Stateless, thus thread-safe. */
enum StageTimingsCodec implements RecordCodec<StageTimings> {
  INSTANCE;

  @Override
  public Class<StageTimings> type() {
    return StageTimings.class;
  }

  @Override
  public String recordName() {
    return "stage-timings";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public void write(StageTimings value, DataOutputView out) throws IOException {
    out.writeLong(value.readMicros());
    out.writeLong(value.sliceMicros());
    out.writeLong(value.encodeMicros());
    out.writeLong(value.decodeMicros());
  }

  @Override
  public StageTimings read(int version, DataInputView in) throws IOException {
    return new StageTimings(in.readLong(), in.readLong(), in.readLong(), in.readLong());
  }
}
