package dev.sluice.jobs.describe;

import dev.sluice.jobs.stream.JobOptions;
import dev.sluice.jobs.stream.KafkaEndpoints;
import dev.sluice.operators.DescribeOptions;
import dev.sluice.operators.Describer;
import dev.sluice.operators.Rejections;
import dev.sluice.serde.kafka.DescriptionSerializer;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Pictures from Kafka, descriptions on several levels to Kafka. Stateless. */
public final class DescribeJob {
  /** Names the job, its consumer group and its transactions. */
  public static final String NAME = "describe";

  private DescribeJob() {}

  /**
   * Looks at the options where the job has its model; that it has none is said without it.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public static void checkOptions(ReadableConfig config) {
    config
        .getOptional(DescribeOptions.CAPTION_MODEL)
        .filter(folder -> !folder.isBlank())
        .ifPresent(model -> DescribeOptions.from(config));
  }

  /**
   * Adds the job to an environment.
   *
   * @throws IllegalArgumentException if an option is missing or out of range
   */
  public static void define(StreamExecutionEnvironment env, ReadableConfig config) {
    JobOptions options = JobOptions.from(config, NAME, DescribeOptions.CAPTION_MODEL);
    Describer describer = Describer.with(DescribeOptions.from(config), options.vision());
    KafkaEndpoints kafka = new KafkaEndpoints(options);

    var descriptions = describer.describe(kafka.images(env, describer.workload()));

    kafka.write(
        descriptions,
        "descriptions",
        new DescriptionSerializer(options.kafka().topics().descriptions()));
    kafka.writeRejections(Rejections.of(descriptions));
  }
}
