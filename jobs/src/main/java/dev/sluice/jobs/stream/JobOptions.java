package dev.sluice.jobs.stream;

import dev.sluice.operators.ModelOptions;
import dev.sluice.operators.ModelRef;
import dev.sluice.operators.VisionOptions;
import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * What every job is told: the model, how to use it, Kafka, event time. Immutable.
 *
 * @param outOfOrderness how late an event may be
 */
public record JobOptions(
    ModelRef model, VisionOptions vision, KafkaOptions kafka, Duration outOfOrderness) {

  public static final ConfigOption<String> MODEL =
      ConfigOptions.key("sluice.model")
          .stringType()
          .noDefaultValue()
          .withDescription("Folder of the model, as published, readable on every TaskManager.");

  public static final ConfigOption<Duration> OUT_OF_ORDERNESS =
      ConfigOptions.key("sluice.event-time.out-of-orderness")
          .durationType()
          .defaultValue(Duration.ofSeconds(5))
          .withDescription("How much later than its successors an event may come.");

  /** Interval of checkpoints, and thus of transactions, where the cluster and the job give none. */
  private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(10);

  /**
   * @param job the job's name
   * @throws IllegalArgumentException if something is missing or out of range
   */
  public static JobOptions from(ReadableConfig config, String job) {
    return from(config, job, MODEL);
  }

  /**
   * @param job the job's name
   * @param model names the folder of the model that reads pictures
   * @throws IllegalArgumentException if something is missing or out of range
   */
  public static JobOptions from(ReadableConfig config, String job, ConfigOption<String> model) {
    String folder =
        config
            .getOptional(model)
            .filter(value -> !value.isBlank())
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        model.key() + ": expected a model folder, found nothing"));
    return new JobOptions(
        ModelRef.of(folder, ModelOptions.from(config)),
        VisionOptions.from(config),
        KafkaOptions.from(config, job),
        config.get(OUT_OF_ORDERNESS));
  }

  /** Turns checkpoints on where nobody did: without them no transaction would ever commit. */
  public static void requireCheckpoints(StreamExecutionEnvironment env) {
    if (!env.getCheckpointConfig().isCheckpointingEnabled()) {
      env.enableCheckpointing(CHECKPOINT_INTERVAL.toMillis());
    }
  }
}
