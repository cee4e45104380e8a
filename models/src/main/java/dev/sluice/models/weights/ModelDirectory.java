package dev.sluice.models.weights;

import dev.sluice.models.tensor.Device;
import dev.sluice.models.value.Dtype;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A model folder in the Hugging Face layout, as published. Thread-safe.
 *
 * <p>Opening checks that it is a folder and reads nothing else; each part is read when it is asked
 * for, so that a missing part is an error only where it is needed.
 */
public final class ModelDirectory {
  private static final String CONFIG = "config.json";

  /** What users write for a model that was published in parts, beside no config.json. */
  private static final String PARTS = "minigpt4.json";

  private final Path path;

  private ModelDirectory(Path path) {
    this.path = path;
  }

  /**
   * @throws WeightsException if there is no such folder
   */
  public static ModelDirectory open(Path path) {
    if (!Files.isDirectory(path)) {
      throw new WeightsException(
          "model folder %s: expected a folder with config.json and weights, found %s"
              .formatted(path, Files.exists(path) ? "a file" : "nothing"));
    }
    return new ModelDirectory(path);
  }

  public Path path() {
    return path;
  }

  /** The folder's own name. */
  public String name() {
    return String.valueOf(path.toAbsolutePath().normalize().getFileName());
  }

  /**
   * {@code config.json}, or {@code minigpt4.json} where the folder names a model's parts.
   *
   * @throws WeightsException if it is missing or not readable
   */
  public ModelConfig config() {
    return file(CONFIG)
        .or(() -> file(PARTS))
        .map(ModelConfig::read)
        .orElseThrow(
            () ->
                new WeightsException(
                    "model folder %s: expected config.json, found none; is this the folder that"
                            .formatted(path)
                        + " holds the weights?"));
  }

  /**
   * {@code preprocessor_config.json}, or what {@code processor_config.json} holds as {@code
   * image_processor}; empty if there is neither.
   */
  public ModelConfig preprocessorConfig() {
    ModelConfig direct = config("preprocessor_config.json");
    return direct.isEmpty() ? config("processor_config.json").atOrEmpty("image_processor") : direct;
  }

  /** {@code generation_config.json}; empty if there is none. */
  public ModelConfig generationConfig() {
    return config("generation_config.json");
  }

  /** Any JSON file of the folder; empty if there is none of this name. */
  public ModelConfig config(String fileName) {
    return file(fileName).map(ModelConfig::read).orElseGet(() -> ModelConfig.empty(fileName));
  }

  /**
   * A file of the folder by its plain name.
   *
   * @throws WeightsException if the name is a path
   */
  public Optional<Path> file(String fileName) {
    Path file = path.resolve(WeightFiles.requirePlainName(fileName, "file"));
    return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
  }

  /**
   * The weight files in name order: {@code model.safetensors}, else the shards of its index, else
   * {@code pytorch_model.bin}, else the shards of its index.
   *
   * @throws WeightsException if there are none, or a shard is missing
   */
  public List<Path> weightFiles() {
    return WeightFiles.of(this);
  }

  /**
   * Opens the weights for computing on a device; the caller closes them.
   *
   * @param dtype what floating tensors are computed in
   * @throws WeightsException if a file is missing or not what it claims to be
   */
  public Weights weights(Device device, Dtype dtype) {
    device.requireAvailable();
    return Weights.open(device, dtype, weightFiles());
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
