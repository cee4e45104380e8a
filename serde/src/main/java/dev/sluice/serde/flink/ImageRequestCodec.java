package dev.sluice.serde.flink;

import dev.sluice.serde.ImageRequest;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Wire form of {@link ImageRequest}. Stateless, thus thread-safe. */
enum ImageRequestCodec implements RecordCodec<ImageRequest> {
  INSTANCE;

  /** Adds the most slices. */
  private static final int MAX_SLICES = 2;

  @Override
  public Class<ImageRequest> type() {
    return ImageRequest.class;
  }

  @Override
  public String recordName() {
    return "image-request";
  }

  @Override
  public int version() {
    return MAX_SLICES;
  }

  @Override
  public void write(ImageRequest value, DataOutputView out) throws IOException {
    Wire.writeNullableText(value.prompt(), out);
    Wire.writeNullableText(value.policyId(), out);
    Wire.writeTexts(value.context(), out);
    out.writeInt(value.priority());
    Wire.writeNullableInstant(value.deadline(), out);
    out.writeInt(value.maxSlices());
  }

  @Override
  public ImageRequest read(int version, DataInputView in) throws IOException {
    return new ImageRequest(
        Wire.readNullableText(in),
        Wire.readNullableText(in),
        Wire.readTexts(in),
        in.readInt(),
        Wire.readNullableInstant(in),
        version >= MAX_SLICES ? in.readInt() : 0);
  }
}
