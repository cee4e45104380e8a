package dev.sluice.operators;

import static dev.sluice.operators.ModelOptions.require;

import dev.sluice.models.value.GenerationOptions;
import java.io.Serializable;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;

/**
 * How the operators of one job work. Immutable.
 *
 * @param capacity pictures in flight, per operator and subtask
 */
public record VisionOptions(int capacity, OutputOrder order, TextOptions text)
    implements Serializable {

  public static final ConfigOption<Integer> CAPACITY =
      ConfigOptions.key("sluice.capacity")
          .intType()
          .defaultValue(64)
          .withDescription(
              "Most pictures in flight per subtask, whatever the memory budget would allow. Bounds"
                  + " the size of checkpoints and the time that a picture waits.");

  public static final ConfigOption<OutputOrder> ORDER =
      ConfigOptions.key("sluice.output-order")
          .enumType(OutputOrder.class)
          .defaultValue(OutputOrder.ORDERED)
          .withDescription(
              "ORDERED: results leave in the order in which their pictures came. UNORDERED: as they"
                  + " finish, though never across a watermark.");

  public static final ConfigOption<Integer> MAX_NEW_TOKENS =
      ConfigOptions.key("sluice.decode.max-new-tokens")
          .intType()
          .defaultValue(64)
          .withDescription("Longest caption, in tokens.");

  public static final ConfigOption<Double> TEMPERATURE =
      ConfigOptions.key("sluice.decode.temperature")
          .doubleType()
          .defaultValue(0.0)
          .withDescription("0 takes the likeliest token at every step; more adds variety.");

  public static final ConfigOption<Integer> TOP_K =
      ConfigOptions.key("sluice.decode.top-k")
          .intType()
          .defaultValue(0)
          .withDescription(
              "With a temperature: choose among the k likeliest tokens only; 0 for all.");

  public static final ConfigOption<Double> TOP_P =
      ConfigOptions.key("sluice.decode.top-p")
          .doubleType()
          .defaultValue(1.0)
          .withDescription(
              "With a temperature: choose among the likeliest tokens that together reach this"
                  + " probability; 1 for all.");

  public static final ConfigOption<Long> SEED =
      ConfigOptions.key("sluice.decode.seed")
          .longType()
          .defaultValue(0L)
          .withDescription(
              "With a temperature: the same seed, picture and prompt give the same caption.");

  /** Everything as documented. */
  public static final VisionOptions DEFAULTS = from(new Configuration());

  public VisionOptions {
    require(capacity > 0, CAPACITY, "at least 1", capacity);
  }

  /** Reads what is set under {@code sluice.}; the rest is as documented. */
  public static VisionOptions from(ReadableConfig config) {
    return new VisionOptions(
        config.get(CAPACITY),
        config.get(ORDER),
        new TextOptions(
            config.get(MAX_NEW_TOKENS),
            config.get(TEMPERATURE),
            config.get(TOP_K),
            config.get(TOP_P),
            config.get(SEED)));
  }

  /** The order in which results leave an operator. */
  public enum OutputOrder {
    /** As their pictures came. */
    ORDERED,
    /** As they finish, though never across a watermark. */
    UNORDERED
  }

  /** How captions are written; see {@link GenerationOptions}. Immutable. */
  public record TextOptions(int maxNewTokens, double temperature, int topK, double topP, long seed)
      implements Serializable {
    public TextOptions {
      require(maxNewTokens > 0, MAX_NEW_TOKENS, "at least 1", maxNewTokens);
      require(temperature >= 0, TEMPERATURE, "0 or more", temperature);
      require(topK >= 0, TOP_K, "0 or more", topK);
      require(topP > 0 && topP <= 1, TOP_P, "more than 0, at most 1", topP);
    }

    public GenerationOptions toGenerationOptions() {
      return new GenerationOptions(maxNewTokens, temperature, topK, topP, seed);
    }
  }
}
