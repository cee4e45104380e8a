package dev.sluice.serde.flink;

import dev.sluice.serde.EncodedImage;
import java.io.IOException;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Wire form of {@link EncodedImage}. Stateless, thus thread-safe. */
enum EncodedImageCodec implements RecordCodec<EncodedImage> {
  INSTANCE;

  /** The tokens may be missing. */
  private static final int MAYBE_UNCUT = 2;

  @Override
  public Class<EncodedImage> type() {
    return EncodedImage.class;
  }

  @Override
  public String recordName() {
    return "encoded-image";
  }

  @Override
  public int version() {
    return MAYBE_UNCUT;
  }

  @Override
  public List<RecordCodec<?>> parts() {
    return List.of(
        ImageEventCodec.INSTANCE,
        VisualTokensCodec.INSTANCE,
        ModelInfoCodec.INSTANCE,
        StageTimingsCodec.INSTANCE);
  }

  @Override
  public void write(EncodedImage value, DataOutputView out) throws IOException {
    ImageEventCodec.INSTANCE.writeVersioned(value.event(), out);
    Wire.writeNullable(value.tokens(), VisualTokensCodec.INSTANCE, out);
    ModelInfoCodec.INSTANCE.writeVersioned(value.model(), out);
    StageTimingsCodec.INSTANCE.writeVersioned(value.timings(), out);
  }

  @Override
  public EncodedImage read(int version, DataInputView in) throws IOException {
    return new EncodedImage(
        ImageEventCodec.INSTANCE.readVersioned(in),
        version >= MAYBE_UNCUT
            ? Wire.readNullable(VisualTokensCodec.INSTANCE, in)
            : VisualTokensCodec.INSTANCE.readVersioned(in),
        ModelInfoCodec.INSTANCE.readVersioned(in),
        StageTimingsCodec.INSTANCE.readVersioned(in));
  }
}
