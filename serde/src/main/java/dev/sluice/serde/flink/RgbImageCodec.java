package dev.sluice.serde.flink;

import dev.sluice.models.value.RgbImage;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Wire form of {@link RgbImage}. Stateless, thus thread-safe. */
enum RgbImageCodec implements RecordCodec<RgbImage> {
  INSTANCE;

  @Override
  public Class<RgbImage> type() {
    return RgbImage.class;
  }

  @Override
  public String recordName() {
    return "rgb-image";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public void write(RgbImage value, DataOutputView out) throws IOException {
    out.writeInt(value.width());
    out.writeInt(value.height());
    Wire.writeBlob(value.rgb(), out);
  }

  @Override
  public RgbImage read(int version, DataInputView in) throws IOException {
    return new RgbImage(in.readInt(), in.readInt(), Wire.readBlob(in));
  }
}
