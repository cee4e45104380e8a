package dev.sluice.operators;

import static dev.sluice.operators.ModelOptions.require;

import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.ReadableConfig;

/**
 * Whether a picture that was already worked on is answered with the earlier result. Immutable.
 *
 * @param sampled whether drawn texts (a temperature above 0) are reused too
 * @param limits of the results that are kept
 */
@PublicEvolving
public record CacheOptions(boolean enabled, boolean sampled, Limits limits)
    implements Serializable {

  public static final ConfigOption<Boolean> ENABLED =
      ConfigOptions.key("sluice.cache.enabled")
          .booleanType()
          .defaultValue(false)
          .withDescription(
              "Answers the same picture with the same question once: repeats get the result of the"
                  + " first, while it is worked on or from a cache, and cost neither decoding nor"
                  + " device time.");

  public static final ConfigOption<Integer> MAX_ENTRIES =
      ConfigOptions.key("sluice.cache.max-entries")
          .intType()
          .defaultValue(10_000)
          .withDescription(
              "Most results that a process keeps for one step of a job; the longest unused go"
                  + " first. They are part of each checkpoint.");

  public static final ConfigOption<MemorySize> MAX_BYTES =
      ConfigOptions.key("sluice.cache.max-bytes")
          .memoryType()
          .defaultValue(MemorySize.ofMebiBytes(16))
          .withDescription("Most bytes that these results may take in a checkpoint.");

  public static final ConfigOption<Duration> TTL =
      ConfigOptions.key("sluice.cache.ttl")
          .durationType()
          .defaultValue(Duration.ofHours(1))
          .withDescription("How long a result is kept after it was computed.");

  public static final ConfigOption<Boolean> SAMPLED =
      ConfigOptions.key("sluice.cache.sampled")
          .booleanType()
          .defaultValue(false)
          .withDescription(
              "Whether captions that were drawn (sluice.decode.temperature above 0) are reused as"
                  + " well. Repeats of a picture then share one draw.");

  /** Reads what is set under {@code sluice.cache.}; the rest is as documented. */
  public static CacheOptions from(ReadableConfig config) {
    return new CacheOptions(
        config.get(ENABLED),
        config.get(SAMPLED),
        new Limits(config.get(MAX_ENTRIES), config.get(MAX_BYTES).getBytes(), config.get(TTL)));
  }

  /** What is kept at the most, per process and step. Immutable. */
  public record Limits(int maxEntries, long maxBytes, Duration ttl) implements Serializable {
    public Limits {
      require(maxEntries > 0, MAX_ENTRIES, "at least 1", maxEntries);
      require(maxBytes > 0, MAX_BYTES, "more than 0", maxBytes);
      require(!ttl.isNegative() && !ttl.isZero(), TTL, "more than 0", ttl);
    }
  }
}
