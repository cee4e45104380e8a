package dev.sluice.operators;

import dev.sluice.models.value.Dtype;
import dev.sluice.operators.memory.MemoryBudget;
import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.ReadableConfig;
import org.jspecify.annotations.Nullable;

/**
 * How a model is loaded and what it may use, per device and process. Immutable.
 *
 * @param dtype null to compute in the checkpoint's own
 */
public record ModelOptions(
    String device,
    @Nullable Dtype dtype,
    MemoryBudget memoryBudget,
    MemorySize kvCache,
    ImageLimits imageLimits,
    BatchOptions batches,
    int sliceThreads)
    implements Serializable {

  public static final ConfigOption<String> DEVICE =
      ConfigOptions.key("sluice.device")
          .stringType()
          .defaultValue("cpu")
          .withDescription(
              "Where the model runs: cpu, or cuda:0 for the first CUDA device. All operators of a"
                  + " TaskManager that name the same device share it, its memory and its models.");

  public static final ConfigOption<String> DTYPE =
      ConfigOptions.key("sluice.dtype")
          .stringType()
          .defaultValue("auto")
          .withDescription(
              "What the model computes in: float32, float16, bfloat16, or auto for what the"
                  + " checkpoint is stored in.");

  public static final ConfigOption<String> MEMORY_BUDGET =
      ConfigOptions.key("sluice.memory.budget")
          .stringType()
          .defaultValue("50%")
          .withDescription(
              "How much of the device's memory one process may use for weights, key-value cache and"
                  + " the pictures in flight: a size such as 6 gb, or a share of the device's memory"
                  + " such as 50%. The source stops reading when it is used up. The first job of a"
                  + " process sets it for that process.");

  public static final ConfigOption<MemorySize> KV_CACHE =
      ConfigOptions.key("sluice.memory.kv-cache")
          .memoryType()
          .defaultValue(MemorySize.ofMebiBytes(256))
          .withDescription(
              "Part of the memory budget that holds keys and values of the texts being generated."
                  + " More lets more pictures be described at once.");

  public static final ConfigOption<MemorySize> IMAGE_MAX_BYTES =
      ConfigOptions.key("sluice.image.max-bytes")
          .memoryType()
          .defaultValue(MemorySize.ofMebiBytes(16))
          .withDescription(
              "Largest encoded picture, as it arrives. Larger ones are rejected as TOO_LARGE.");

  public static final ConfigOption<Long> IMAGE_MAX_PIXELS =
      ConfigOptions.key("sluice.image.max-pixels")
          .longType()
          .defaultValue(100_000_000L)
          .withDescription(
              "Largest picture in pixels, read from its header before decoding. Larger ones are"
                  + " rejected as TOO_LARGE.");

  public static final ConfigOption<Duration> ENCODE_LINGER =
      ConfigOptions.key("sluice.encode.linger")
          .durationType()
          .defaultValue(Duration.ofMillis(5))
          .withDescription(
              "How long the device waits for more slices before it runs a batch that is not full."
                  + " Longer fills batches better, shorter answers sooner.");

  public static final ConfigOption<Integer> ENCODE_MAX_TILES =
      ConfigOptions.key("sluice.encode.max-tiles")
          .intType()
          .defaultValue(32)
          .withDescription(
              "Most tiles (slices and overviews, of any number of pictures and subtasks) in one"
                  + " device batch. A picture with more is run alone.");

  public static final ConfigOption<Integer> SLICE_THREADS =
      ConfigOptions.key("sluice.slice.threads")
          .intType()
          .defaultValue(2)
          .withDescription("Threads of a process that read and cut pictures.");

  /** Everything as documented. */
  public static final ModelOptions DEFAULTS = from(new Configuration());

  public ModelOptions {
    require(!device.isBlank(), DEVICE, "a device such as cpu or cuda:0", "'" + device + "'");
    require(kvCache.getBytes() > 0, KV_CACHE, "more than 0", kvCache);
    require(sliceThreads > 0, SLICE_THREADS, "at least 1", sliceThreads);
  }

  /** Reads what is set under {@code sluice.}; the rest is as documented. */
  public static ModelOptions from(ReadableConfig config) {
    String dtype = config.get(DTYPE);
    return new ModelOptions(
        config.get(DEVICE),
        dtype.equals("auto") ? null : Dtype.parse(dtype),
        MemoryBudget.parse(config.get(MEMORY_BUDGET)),
        config.get(KV_CACHE),
        new ImageLimits(config.get(IMAGE_MAX_BYTES).getBytes(), config.get(IMAGE_MAX_PIXELS)),
        new BatchOptions(config.get(ENCODE_LINGER), config.get(ENCODE_MAX_TILES)),
        config.get(SLICE_THREADS));
  }

  static void require(boolean holds, ConfigOption<?> option, String expected, Object found) {
    if (!holds) {
      throw new IllegalArgumentException(
          "%s: expected %s, found %s".formatted(option.key(), expected, found));
    }
  }

  /** What a picture may be at the most. Immutable. */
  public record ImageLimits(long maxBytes, long maxPixels) implements Serializable {
    public ImageLimits {
      require(maxBytes > 0, IMAGE_MAX_BYTES, "more than 0", maxBytes);
      require(maxPixels > 0, IMAGE_MAX_PIXELS, "more than 0", maxPixels);
    }
  }

  /** How device batches are formed. Immutable. */
  public record BatchOptions(Duration linger, int maxTiles) implements Serializable {
    public BatchOptions {
      require(!linger.isNegative(), ENCODE_LINGER, "0 or more", linger);
      require(maxTiles > 0, ENCODE_MAX_TILES, "at least 1", maxTiles);
    }
  }
}
