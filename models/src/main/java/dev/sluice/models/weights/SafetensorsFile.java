package dev.sluice.models.weights;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;

/**
 * A safetensors file, memory-mapped: eight bytes with the header's length, a JSON header, the
 * tensors' bytes. Belongs to the thread that loads the model.
 *
 * <p>Everything the header says is checked when the file is opened: its length against the file's,
 * each tensor's shape against its bytes, each range against the file and against its neighbours.
 */
public final class SafetensorsFile implements WeightFile {
  private final MappedFile file;
  private final Map<String, StoredTensor> tensors;
  private final Map<String, String> metadata;

  private SafetensorsFile(
      MappedFile file, Map<String, StoredTensor> tensors, Map<String, String> metadata) {
    this.file = file;
    this.tensors = Collections.unmodifiableMap(tensors);
    this.metadata = Collections.unmodifiableMap(metadata);
  }

  /**
   * Opens and validates a file.
   *
   * @throws WeightsException if it is not a whole, consistent safetensors file
   */
  public static SafetensorsFile open(Path path) {
    MappedFile file = MappedFile.open(path);
    try {
      SafetensorsHeader header = SafetensorsHeader.read(file);
      return new SafetensorsFile(file, header.tensors(), header.metadata());
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public Path path() {
    return file.path();
  }

  @Override
  public Map<String, StoredTensor> tensors() {
    return tensors;
  }

  /** The writer's notes, such as {@code format: pt}. */
  public Map<String, String> metadata() {
    return metadata;
  }

  @Override
  public BytePointer address(StoredTensor tensor) {
    return file.address(tensor.offset(), tensor.spanBytes());
  }

  @Override
  public void close() {
    file.close();
  }
}
