package dev.sluice.jobs.moderation;

import dev.sluice.jobs.stream.JobOptions;
import dev.sluice.jobs.stream.KafkaEndpoints;
import dev.sluice.operators.ModerationPolicy;
import dev.sluice.operators.Rejections;
import dev.sluice.operators.VisionLanguage;
import dev.sluice.operators.policy.PolicyFile;
import dev.sluice.serde.kafka.VerdictSerializer;
import java.nio.file.Path;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Pictures from Kafka, verdicts to Kafka. Stateless. */
public final class ModerationJob {
  /** Names the job, its consumer group and its transactions. */
  public static final String NAME = "moderation";

  public static final ConfigOption<String> POLICY =
      ConfigOptions.key("sluice.moderation.policy")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "JSON file of the policy, read where the job is submitted; docs/policies.md.");

  private ModerationJob() {}

  /**
   * Adds the job to an environment.
   *
   * @throws IllegalArgumentException if an option is missing or out of range, or the policy is not
   *     valid
   */
  public static void define(StreamExecutionEnvironment env, ReadableConfig config) {
    JobOptions options = JobOptions.from(config, NAME);
    ModerationPolicy policy = policy(config);
    KafkaEndpoints kafka = new KafkaEndpoints(options);
    VisionLanguage vision = VisionLanguage.with(options.model(), options.vision());

    var sliced = vision.slice(kafka.images(env));
    var encoded = vision.encode(sliced);
    var verdicts = vision.judge(encoded, policy);

    kafka.write(verdicts, "verdicts", new VerdictSerializer(options.kafka().topics().verdicts()));
    kafka.writeRejections(Rejections.of(sliced, encoded, verdicts));
  }

  /**
   * Reads the policy where one is named.
   *
   * @throws IllegalArgumentException if it is not valid
   */
  public static void checkPolicy(ReadableConfig config) {
    config
        .getOptional(POLICY)
        .filter(file -> !file.isBlank())
        .map(Path::of)
        .ifPresent(PolicyFile::read);
  }

  private static ModerationPolicy policy(ReadableConfig config) {
    return config
        .getOptional(POLICY)
        .map(file -> PolicyFile.read(Path.of(file)))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    POLICY.key() + ": expected a JSON file, found nothing"));
  }
}
