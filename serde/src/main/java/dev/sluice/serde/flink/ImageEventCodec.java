package dev.sluice.serde.flink;

import dev.sluice.serde.ImageEvent;
import java.io.IOException;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Wire form of {@link ImageEvent}; version 2 added the policies. Stateless, thus thread-safe. */
enum ImageEventCodec implements RecordCodec<ImageEvent> {
  INSTANCE;

  @Override
  public Class<ImageEvent> type() {
    return ImageEvent.class;
  }

  @Override
  public String recordName() {
    return "image-event";
  }

  @Override
  public int version() {
    return 2;
  }

  @Override
  public List<RecordCodec<?>> parts() {
    return List.of(
        EventIdentityCodec.INSTANCE,
        PictureCodec.INSTANCE,
        ImageRequestCodec.INSTANCE,
        RecordOriginCodec.INSTANCE,
        PolicyAssignmentCodec.INSTANCE);
  }

  @Override
  public void write(ImageEvent value, DataOutputView out) throws IOException {
    EventIdentityCodec.INSTANCE.writeVersioned(value.identity(), out);
    PictureCodec.INSTANCE.writeVersioned(value.picture(), out);
    ImageRequestCodec.INSTANCE.writeVersioned(value.request(), out);
    Wire.writeNullable(value.origin(), RecordOriginCodec.INSTANCE, out);
    Wire.writeNullableText(value.traceparent(), out);
    Wire.writeNullableText(value.defect(), out);
    Wire.writeNullable(value.policies(), PolicyAssignmentCodec.INSTANCE, out);
  }

  @Override
  public ImageEvent read(int version, DataInputView in) throws IOException {
    return new ImageEvent(
        EventIdentityCodec.INSTANCE.readVersioned(in),
        PictureCodec.INSTANCE.readVersioned(in),
        ImageRequestCodec.INSTANCE.readVersioned(in),
        Wire.readNullable(RecordOriginCodec.INSTANCE, in),
        Wire.readNullableText(in),
        Wire.readNullableText(in),
        version < 2 ? null : Wire.readNullable(PolicyAssignmentCodec.INSTANCE, in));
  }
}
