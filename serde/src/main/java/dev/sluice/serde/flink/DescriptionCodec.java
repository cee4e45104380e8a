package dev.sluice.serde.flink;

import dev.sluice.serde.Description;
import java.io.IOException;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Wire form of {@link Description}. Stateless, thus thread-safe. */
enum DescriptionCodec implements RecordCodec<Description> {
  INSTANCE;

  @Override
  public Class<Description> type() {
    return Description.class;
  }

  @Override
  public String recordName() {
    return "description";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public List<RecordCodec<?>> parts() {
    return List.of(
        EventIdentityCodec.INSTANCE,
        ScoredCaptionCodec.INSTANCE,
        RegionCodec.INSTANCE,
        PartProvenanceCodec.INSTANCE);
  }

  @Override
  public void write(Description value, DataOutputView out) throws IOException {
    EventIdentityCodec.INSTANCE.writeVersioned(value.identity(), out);
    ScoredCaptionCodec.INSTANCE.writeVersioned(value.global(), out);
    Wire.writeList(value.regions(), RegionCodec.INSTANCE, out);
    Wire.writeNullableText(value.merged(), out);
    Wire.writeList(value.parts(), PartProvenanceCodec.INSTANCE, out);
  }

  @Override
  public Description read(int version, DataInputView in) throws IOException {
    return new Description(
        EventIdentityCodec.INSTANCE.readVersioned(in),
        ScoredCaptionCodec.INSTANCE.readVersioned(in),
        Wire.readList(RegionCodec.INSTANCE, in),
        Wire.readNullableText(in),
        Wire.readList(PartProvenanceCodec.INSTANCE, in));
  }
}
