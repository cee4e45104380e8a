package dev.sluice.models.weights;

import java.nio.file.Path;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;

/** One file of tensors, whatever its format. Belongs to the thread that loads the model. */
interface WeightFile extends AutoCloseable {
  Path path();

  /** Every tensor of the file by its name, validated against the file. */
  Map<String, StoredTensor> tensors();

  /** The address of a tensor's first element; valid while the file is open. */
  BytePointer address(StoredTensor tensor);

  @Override
  void close();

  /** Opens a file by its name's ending. */
  static WeightFile open(Path path) {
    String name = String.valueOf(path.getFileName());
    if (name.endsWith(".safetensors")) {
      return SafetensorsFile.open(path);
    }
    if (name.endsWith(".bin") || name.endsWith(".pt") || name.endsWith(".pth")) {
      return TorchFile.open(path);
    }
    throw new WeightsException(
        "weight file " + name + ": expected a name that ends in .safetensors, .bin, .pt or .pth");
  }
}
