package dev.sluice.operators;

import static dev.sluice.operators.ModelOptions.require;

import dev.sluice.models.value.Beams;
import dev.sluice.models.value.GenerationOptions;
import dev.sluice.models.value.Sampling;
import java.io.Serializable;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;

/**
 * How the operators of one job work. Immutable.
 *
 * @param capacity pictures in flight, per operator and subtask
 */
@PublicEvolving
public record VisionOptions(
    int capacity,
    OutputOrder order,
    Chaining chaining,
    TextOptions text,
    FetchOptions fetch,
    CacheOptions cache,
    DegradeOptions degrade)
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

  public static final ConfigOption<Chaining> CHAINING =
      ConfigOptions.key("sluice.chaining")
          .enumType(Chaining.class)
          .defaultValue(Chaining.CHAINED)
          .withDescription(
              "CHAINED: all steps run in the source's task, and nothing but results crosses the"
                  + " network. UNCHAINED: encode and decode are tasks of their own; slices and visual"
                  + " tokens cross the network, spread evenly over the subtasks, so that the order of"
                  + " pictures is kept only with one subtask. Turn unaligned checkpoints on with it:"
                  + " they pass full steps, while aligned ones wait for them.");

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

  public static final ConfigOption<Integer> NUM_BEAMS =
      ConfigOptions.key("sluice.decode.num-beams")
          .intType()
          .defaultValue(1)
          .withDescription(
              "Beams of a search for the likeliest caption, as transformers' num_beams; not together"
                  + " with a temperature. Each beam takes the place of a text.");

  public static final ConfigOption<Double> LENGTH_PENALTY =
      ConfigOptions.key("sluice.decode.length-penalty")
          .doubleType()
          .defaultValue(1.0)
          .withDescription(
              "With beams: more than 0 favours longer captions, less than 0 shorter ones.");

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
        config.get(CHAINING),
        new TextOptions(
            config.get(MAX_NEW_TOKENS),
            new SamplingOptions(
                config.get(TEMPERATURE), config.get(TOP_K), config.get(TOP_P), config.get(SEED)),
            config.get(NUM_BEAMS),
            config.get(LENGTH_PENALTY)),
        FetchOptions.from(config),
        CacheOptions.from(config),
        DegradeOptions.from(config));
  }

  /** The order in which results leave an operator. */
  public enum OutputOrder {
    /** As their pictures came. */
    ORDERED,
    /** As they finish, though never across a watermark. */
    UNORDERED
  }

  /** Which steps share a task. */
  public enum Chaining {
    /** All steps with the source. */
    CHAINED,
    /** Slice with the source, encode and decode each by itself. */
    UNCHAINED
  }

  /** How captions are written; see {@link GenerationOptions}. Immutable. */
  public record TextOptions(
      int maxNewTokens, SamplingOptions sampling, int numBeams, double lengthPenalty)
      implements Serializable {
    public TextOptions {
      require(maxNewTokens > 0, MAX_NEW_TOKENS, "at least 1", maxNewTokens);
      require(numBeams > 0 && numBeams <= Beams.MOST, NUM_BEAMS, "1 to " + Beams.MOST, numBeams);
      require(Double.isFinite(lengthPenalty), LENGTH_PENALTY, "a number", lengthPenalty);
      require(
          numBeams == 1 || sampling.temperature() == 0,
          NUM_BEAMS,
          "1 together with " + TEMPERATURE.key(),
          numBeams);
    }

    public GenerationOptions toGenerationOptions() {
      Sampling drawn =
          new Sampling(sampling.temperature(), sampling.topK(), sampling.topP(), sampling.seed());
      return GenerationOptions.sampled(maxNewTokens, drawn)
          .withBeams(new Beams(numBeams, lengthPenalty, Beams.EarlyStopping.HEURISTIC));
    }
  }

  /** How the next token is drawn; see {@link Sampling}. Immutable. */
  public record SamplingOptions(double temperature, int topK, double topP, long seed)
      implements Serializable {
    public SamplingOptions {
      require(temperature >= 0, TEMPERATURE, "0 or more", temperature);
      require(topK >= 0, TOP_K, "0 or more", topK);
      require(topP > 0 && topP <= 1, TOP_P, "more than 0, at most 1", topP);
    }
  }
}
