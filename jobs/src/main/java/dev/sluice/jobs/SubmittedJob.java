package dev.sluice.jobs;

import dev.sluice.jobs.captioning.CaptioningJob;
import dev.sluice.jobs.describe.DescribeJob;
import dev.sluice.jobs.moderation.ModerationJob;
import dev.sluice.jobs.stream.JobOptions;
import dev.sluice.jobs.stream.KafkaOptions;
import dev.sluice.jobs.stream.KnownOptions;
import dev.sluice.operators.DescribeOptions;
import dev.sluice.operators.ModelOptions;
import dev.sluice.operators.VisionOptions;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A job that can be submitted. Immutable.
 *
 * @param name its first argument
 * @param required options that must be given
 * @param readers what throws {@link IllegalArgumentException} for a value out of range
 * @param definition adds the job to an environment
 */
record SubmittedJob(
    String name,
    List<ConfigOption<?>> required,
    List<Consumer<ReadableConfig>> readers,
    BiConsumer<StreamExecutionEnvironment, ReadableConfig> definition) {

  private static final List<SubmittedJob> ALL =
      List.of(
          new SubmittedJob(
              CaptioningJob.NAME,
              List.of(JobOptions.MODEL, KafkaOptions.BOOTSTRAP_SERVERS),
              List.of(ModelOptions::from, VisionOptions::from),
              CaptioningJob::define),
          new SubmittedJob(
              ModerationJob.NAME,
              List.of(JobOptions.MODEL, KafkaOptions.BOOTSTRAP_SERVERS, ModerationJob.POLICY),
              List.of(ModelOptions::from, VisionOptions::from, ModerationJob::checkPolicy),
              ModerationJob::define),
          new SubmittedJob(
              DescribeJob.NAME,
              List.of(DescribeOptions.CAPTION_MODEL, KafkaOptions.BOOTSTRAP_SERVERS),
              List.of(ModelOptions::from, VisionOptions::from, DescribeJob::checkOptions),
              DescribeJob::define));

  static Optional<SubmittedJob> named(String name) {
    return ALL.stream().filter(job -> job.name.equalsIgnoreCase(name)).findFirst();
  }

  /** Everything that is wrong with a configuration of this job, one sentence each. */
  List<String> problems(Configuration configuration) {
    return KnownOptions.problems(configuration, required, readers);
  }

  void define(StreamExecutionEnvironment env, ReadableConfig config) {
    definition.accept(env, config);
  }
}
