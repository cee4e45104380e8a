package dev.sluice.serde.flink;

import dev.sluice.serde.SlicedImage;
import java.io.IOException;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Wire form of {@link SlicedImage}. Stateless, thus thread-safe. */
enum SlicedImageCodec implements RecordCodec<SlicedImage> {
  INSTANCE;

  /** The picture may be missing. */
  private static final int MAYBE_UNCUT = 2;

  @Override
  public Class<SlicedImage> type() {
    return SlicedImage.class;
  }

  @Override
  public String recordName() {
    return "sliced-image";
  }

  @Override
  public int version() {
    return MAYBE_UNCUT;
  }

  @Override
  public List<RecordCodec<?>> parts() {
    return List.of(
        ImageEventCodec.INSTANCE, SlicedPictureCodec.INSTANCE, StageTimingsCodec.INSTANCE);
  }

  @Override
  public void write(SlicedImage value, DataOutputView out) throws IOException {
    ImageEventCodec.INSTANCE.writeVersioned(value.event(), out);
    Wire.writeNullable(value.picture(), SlicedPictureCodec.INSTANCE, out);
    StageTimingsCodec.INSTANCE.writeVersioned(value.timings(), out);
  }

  @Override
  public SlicedImage read(int version, DataInputView in) throws IOException {
    return new SlicedImage(
        ImageEventCodec.INSTANCE.readVersioned(in),
        version >= MAYBE_UNCUT
            ? Wire.readNullable(SlicedPictureCodec.INSTANCE, in)
            : SlicedPictureCodec.INSTANCE.readVersioned(in),
        StageTimingsCodec.INSTANCE.readVersioned(in));
  }
}
