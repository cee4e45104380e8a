package dev.sluice.serde.flink;

import dev.sluice.models.value.SlicedPicture;
import java.io.IOException;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Wire form of {@link SlicedPicture}. Stateless, thus thread-safe. */
enum SlicedPictureCodec implements RecordCodec<SlicedPicture> {
  INSTANCE;

  @Override
  public Class<SlicedPicture> type() {
    return SlicedPicture.class;
  }

  @Override
  public String recordName() {
    return "sliced-picture";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public List<RecordCodec<?>> parts() {
    return List.of(SlicePlanCodec.INSTANCE, RgbImageCodec.INSTANCE);
  }

  @Override
  public void write(SlicedPicture value, DataOutputView out) throws IOException {
    SlicePlanCodec.INSTANCE.writeVersioned(value.plan(), out);
    Wire.writeList(value.slices(), RgbImageCodec.INSTANCE, out);
    RgbImageCodec.INSTANCE.writeVersioned(value.overview(), out);
  }

  @Override
  public SlicedPicture read(int version, DataInputView in) throws IOException {
    return new SlicedPicture(
        SlicePlanCodec.INSTANCE.readVersioned(in),
        Wire.readList(RgbImageCodec.INSTANCE, in),
        RgbImageCodec.INSTANCE.readVersioned(in));
  }
}
