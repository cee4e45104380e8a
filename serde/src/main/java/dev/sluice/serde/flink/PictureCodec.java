package dev.sluice.serde.flink;

import dev.sluice.serde.Picture;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Wire form of {@link Picture}. Stateless, thus thread-safe. */
enum PictureCodec implements RecordCodec<Picture> {
  INSTANCE;

  @Override
  public Class<Picture> type() {
    return Picture.class;
  }

  @Override
  public String recordName() {
    return "picture";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public void write(Picture value, DataOutputView out) throws IOException {
    byte[] bytes = value.bytes();
    out.writeBoolean(bytes != null);
    if (bytes != null) {
      Wire.writeBlob(bytes, out);
    }
    Wire.writeNullableText(value.uri(), out);
    Wire.writeNullableText(value.sha256(), out);
    out.writeLong(value.byteLength());
    Wire.writeNullableText(value.mediaType(), out);
  }

  @Override
  public Picture read(int version, DataInputView in) throws IOException {
    byte[] bytes = in.readBoolean() ? Wire.readBlob(in) : null;
    String uri = Wire.readNullableText(in);
    String sha256 = Wire.readNullableText(in);
    long byteLength = in.readLong();
    String mediaType = Wire.readNullableText(in);
    if (bytes != null) {
      return Picture.ofBytes(bytes, mediaType, sha256);
    }
    if (uri == null) {
      throw new IOException("record 'picture': expected bytes or a URI, found neither");
    }
    return Picture.ofUri(uri, sha256, byteLength, mediaType);
  }
}
