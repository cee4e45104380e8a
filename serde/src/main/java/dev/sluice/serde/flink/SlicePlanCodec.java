package dev.sluice.serde.flink;

import dev.sluice.models.value.Size;
import dev.sluice.models.value.SlicePlan;
import java.io.IOException;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Wire form of {@link SlicePlan}. Stateless, thus thread-safe. */
enum SlicePlanCodec implements RecordCodec<SlicePlan> {
  INSTANCE;

  /** Adds the size that the picture is brought to first. */
  private static final int PRE_RESIZED = 2;

  /** Adds how many slices the model wants. */
  private static final int FULL_SLICES = 3;

  @Override
  public Class<SlicePlan> type() {
    return SlicePlan.class;
  }

  @Override
  public String recordName() {
    return "slice-plan";
  }

  @Override
  public int version() {
    return FULL_SLICES;
  }

  @Override
  public List<RecordCodec<?>> parts() {
    return List.of(SizeCodec.INSTANCE);
  }

  @Override
  public void write(SlicePlan value, DataOutputView out) throws IOException {
    SizeCodec.INSTANCE.writeVersioned(value.source(), out);
    SizeCodec.INSTANCE.writeVersioned(value.overview(), out);
    Wire.writeNullable(value.slice(), SizeCodec.INSTANCE, out);
    out.writeInt(value.columns());
    out.writeInt(value.rows());
    Wire.writeNullable(value.preResized(), SizeCodec.INSTANCE, out);
    out.writeInt(value.fullSlices());
  }

  @Override
  public SlicePlan read(int version, DataInputView in) throws IOException {
    Size source = SizeCodec.INSTANCE.readVersioned(in);
    Size overview = SizeCodec.INSTANCE.readVersioned(in);
    Size slice = Wire.readNullable(SizeCodec.INSTANCE, in);
    int columns = in.readInt();
    int rows = in.readInt();
    return new SlicePlan(
        source,
        overview,
        slice,
        columns,
        rows,
        version >= PRE_RESIZED ? Wire.readNullable(SizeCodec.INSTANCE, in) : null,
        version >= FULL_SLICES ? in.readInt() : columns * rows);
  }
}
