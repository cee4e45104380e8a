package dev.sluice.serde.flink;

import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.ModelInfo;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Wire form of {@link ModelInfo}. Stateless, thus thread-safe. */
enum ModelInfoCodec implements RecordCodec<ModelInfo> {
  INSTANCE;

  @Override
  public Class<ModelInfo> type() {
    return ModelInfo.class;
  }

  @Override
  public String recordName() {
    return "model-info";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public void write(ModelInfo value, DataOutputView out) throws IOException {
    Wire.writeText(value.family(), out);
    Wire.writeText(value.revision(), out);
    Wire.writeText(value.weightsSha256(), out);
    Wire.writeEnum(value.dtype(), out);
  }

  @Override
  public ModelInfo read(int version, DataInputView in) throws IOException {
    return new ModelInfo(
        Wire.readText(in), Wire.readText(in), Wire.readText(in), Wire.readEnum(Dtype.class, in));
  }
}
