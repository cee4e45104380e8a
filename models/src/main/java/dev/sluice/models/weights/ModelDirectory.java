package dev.sluice.models.weights;

import dev.sluice.models.tensor.Device;
import dev.sluice.models.value.Dtype;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model folder in the Hugging Face layout, as published. Thread-safe.
 *
 * <p>Opening checks that it is a folder and reads nothing else; each part is read when it is asked
 * for, so that a missing part is an error only where it is needed.
 */
public final class ModelDirectory {
  private static final String CONFIG = "config.json";
  private static final int DIGEST_BUFFER_BYTES = 1 << 20;

  private final Path path;
  private @Nullable String sha256;

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
   * {@code config.json}.
   *
   * @throws WeightsException if it is missing or not readable
   */
  public ModelConfig config() {
    return file(CONFIG)
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

  /** {@code tokenizer.json}, if there is one. */
  public Optional<Path> tokenizerFile() {
    return file("tokenizer.json");
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

  /**
   * SHA-256 over the content of the weight files in name order, lower-case hex. It reads every byte
   * once (about a second per gigabyte from the page cache) and remembers the answer.
   */
  public synchronized String weightsSha256() {
    String known = sha256;
    if (known == null) {
      known = digest(weightFiles());
      sha256 = known;
    }
    return known;
  }

  private static String digest(List<Path> files) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[DIGEST_BUFFER_BYTES];
      for (Path file : files) {
        try (InputStream in = Files.newInputStream(file)) {
          for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            digest.update(buffer, 0, read);
          }
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new WeightsException("weight files " + files + ": cannot be read (" + e + ")", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
