package dev.sluice.operators;

import dev.sluice.models.value.Dtype;
import dev.sluice.operators.memory.MemoryBudget;
import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.annotation.PublicEvolving;
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
@PublicEvolving
public record ModelOptions(
    String device,
    @Nullable Dtype dtype,
    MemoryBudget memoryBudget,
    GenerationLimits generation,
    ImageSize imageLimits,
    BatchOptions batches,
    Threads threads,
    Peak peak,
    PoisonOptions poison)
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
          .noDefaultValue()
          .withDescription(
              "Part of the memory budget that holds keys and values of the texts being generated."
                  + " By default as much as sluice.decode.sequences texts of full length need. With"
                  + " less, texts that find no room stop and go on later, at the price of computing"
                  + " their keys and values again.");

  public static final ConfigOption<Integer> SEQUENCES =
      ConfigOptions.key("sluice.decode.sequences")
          .intType()
          .defaultValue(32)
          .withDescription(
              "Most texts that are generated at once, of all subtasks and jobs of a process"
                  + " together.");

  public static final ConfigOption<MemorySize> IMAGE_MAX_BYTES =
      ConfigOptions.key("sluice.image.max-bytes")
          .memoryType()
          .defaultValue(MemorySize.ofMebiBytes(16))
          .withDescription(
              "Largest encoded picture, as it arrives. Larger ones are rejected as TOO_LARGE.");

  public static final ConfigOption<Long> IMAGE_MAX_PIXELS =
      ConfigOptions.key("sluice.image.max-pixels")
          .longType()
          .defaultValue(1L << 26)
          .withDescription(
              "Largest picture in pixels, read from its header before decoding. Larger ones are"
                  + " rejected as TOO_LARGE.");

  public static final ConfigOption<Integer> IMAGE_PRE_RESIZE =
      ConfigOptions.key("sluice.image.pre-resize")
          .intType()
          .noDefaultValue()
          .withDescription(
              "What the longer side of a picture is brought to before it is sliced, in pixels; 0"
                  + " takes it as it is. By default what the model's family or folder says:"
                  + " LLaVA-UHD's evaluation uses 1024.");

  public static final ConfigOption<Boolean> IMAGE_EXACT =
      ConfigOptions.key("sluice.image.exact")
          .booleanType()
          .defaultValue(true)
          .withDescription(
              "Whether a JPEG is always decoded in full, so that the model sees the reference's"
                  + " pixels. With false one that is much larger than its slices is decoded to a"
                  + " half, a quarter or an eighth, which is several times faster and differs"
                  + " slightly. Descriptions are always exact.");

  public static final ConfigOption<Duration> ENCODE_LINGER =
      ConfigOptions.key("sluice.encode.linger")
          .durationType()
          .defaultValue(Duration.ofMillis(5))
          .withDescription(
              "How long the device waits for more slices before it runs a batch that is not full."
                  + " Longer fills batches better, shorter answers sooner. While encoded pictures"
                  + " wait for sluice.decode.sequences, batches wait until they are full.");

  public static final ConfigOption<Integer> ENCODE_MAX_TILES =
      ConfigOptions.key("sluice.encode.max-tiles")
          .intType()
          .defaultValue(35)
          .withDescription(
              "Most tiles (slices and overviews, of any number of pictures and subtasks) in one"
                  + " device batch. A picture with more is run alone, and none is split: a multiple"
                  + " of the tiles of a large picture (7 for LLaVA-UHD, 5 for Monkey) fills batches"
                  + " best.");

  public static final ConfigOption<Integer> DEVICE_THREADS =
      ConfigOptions.key("sluice.device.threads")
          .intType()
          .defaultValue(0)
          .withDescription(
              "Threads that one operation of the model uses on the processor; 0 for as many as there"
                  + " are processors. The first model of a process sets it for that process.");

  public static final ConfigOption<Integer> SLICE_THREADS =
      ConfigOptions.key("sluice.slice.threads")
          .intType()
          .defaultValue(2)
          .withDescription(
              "Threads of a process that read and cut pictures. Each may take up to 12 bytes a pixel"
                  + " for a moment, beyond the memory budget.");

  public static final ConfigOption<Double> PEAK_GIGAFLOPS =
      ConfigOptions.key("sluice.device.peak-gigaflops")
          .doubleType()
          .defaultValue(0.0)
          .withDescription(
              "Billions of operations that the device can do in a second in the model's type, as its"
                  + " maker says or `sluice bench` measures; what encodeShareOfPeak is a share of. 0"
                  + " where nobody knows.");

  public static final ConfigOption<Double> PEAK_GIGABYTES =
      ConfigOptions.key("sluice.device.peak-gigabytes")
          .doubleType()
          .defaultValue(0.0)
          .withDescription(
              "Gigabytes that the device can read from its memory in a second; what"
                  + " generateShareOfBandwidth is a share of. 0 where nobody knows.");

  /** Everything as documented. */
  public static final ModelOptions DEFAULTS = from(new Configuration());

  public ModelOptions {
    require(!device.isBlank(), DEVICE, "a device such as cpu or cuda:0", "'" + device + "'");
  }

  /** Reads what is set under {@code sluice.}; the rest is as documented. */
  public static ModelOptions from(ReadableConfig config) {
    String dtype = config.get(DTYPE);
    return new ModelOptions(
        deviceName(config.get(DEVICE)),
        dtype.equals("auto") ? null : Dtype.parse(dtype),
        MemoryBudget.parse(config.get(MEMORY_BUDGET)),
        new GenerationLimits(config.getOptional(KV_CACHE).orElse(null), config.get(SEQUENCES)),
        new ImageSize(
            config.get(IMAGE_MAX_BYTES).getBytes(),
            config.get(IMAGE_MAX_PIXELS),
            config.getOptional(IMAGE_PRE_RESIZE).orElse(null),
            config.get(IMAGE_EXACT)),
        new BatchOptions(config.get(ENCODE_LINGER), config.get(ENCODE_MAX_TILES)),
        new Threads(config.get(DEVICE_THREADS), config.get(SLICE_THREADS)),
        new Peak(config.get(PEAK_GIGAFLOPS), config.get(PEAK_GIGABYTES)),
        PoisonOptions.from(config));
  }

  /** The first CUDA device has one name, so that its ledger is one. */
  private static String deviceName(String device) {
    return device.equals("cuda") ? "cuda:0" : device;
  }

  static void require(
      boolean holds, ConfigOption<?> option, String expected, @Nullable Object found) {
    if (!holds) {
      throw new IllegalArgumentException(
          "%s: expected %s, found %s".formatted(option.key(), expected, found));
    }
  }

  /**
   * What a picture may be at the most, and what it is brought to. Immutable.
   *
   * @param preResize longer side before slicing, pixels; null for what the model says
   * @param exact whether it is always decoded in full
   */
  public record ImageSize(long maxBytes, long maxPixels, @Nullable Integer preResize, boolean exact)
      implements Serializable {
    public ImageSize {
      require(maxBytes > 0, IMAGE_MAX_BYTES, "more than 0", maxBytes);
      require(maxPixels > 0, IMAGE_MAX_PIXELS, "more than 0", maxPixels);
      require(preResize == null || preResize >= 0, IMAGE_PRE_RESIZE, "0 or more", preResize);
    }
  }

  /** How device batches are formed. Immutable. */
  public record BatchOptions(Duration linger, int maxTiles) implements Serializable {
    public BatchOptions {
      require(!linger.isNegative(), ENCODE_LINGER, "0 or more", linger);
      require(maxTiles > 0, ENCODE_MAX_TILES, "at least 1", maxTiles);
    }
  }

  /**
   * How many texts are generated at once. Immutable.
   *
   * @param kvCache null for as much as the sequences need
   */
  public record GenerationLimits(@Nullable MemorySize kvCache, int sequences)
      implements Serializable {
    public GenerationLimits {
      require(kvCache == null || kvCache.getBytes() > 0, KV_CACHE, "more than 0", "0");
      require(sequences > 0, SEQUENCES, "at least 1", sequences);
    }
  }

  /**
   * Who computes. Immutable.
   *
   * @param device threads of one operation on the processor, 0 for all processors
   * @param slice threads that read and cut pictures
   */
  public record Threads(int device, int slice) implements Serializable {
    public Threads {
      require(device >= 0, DEVICE_THREADS, "0 or more", device);
      require(slice > 0, SLICE_THREADS, "at least 1", slice);
    }
  }

  /**
   * What the device can do in a second, 0 where nobody knows. Immutable.
   *
   * @param gigaflops billions of operations, a multiplication and an addition being two
   * @param gigabytes read from its memory
   */
  public record Peak(double gigaflops, double gigabytes) implements Serializable {
    public Peak {
      require(gigaflops >= 0, PEAK_GIGAFLOPS, "0 or more", gigaflops);
      require(gigabytes >= 0, PEAK_GIGABYTES, "0 or more", gigabytes);
    }
  }
}
