package dev.sluice.jobs.moderation;

import dev.sluice.jobs.stream.JobOptions;
import dev.sluice.jobs.stream.KafkaEndpoints;
import dev.sluice.jobs.stream.KafkaPolicyFeed;
import dev.sluice.operators.PolicyStatuses;
import dev.sluice.operators.Rejections;
import dev.sluice.operators.VisionLanguage;
import dev.sluice.operators.policy.PolicyFile;
import dev.sluice.serde.ModerationPolicy;
import dev.sluice.serde.kafka.PolicyStatusSerializer;
import dev.sluice.serde.kafka.VerdictSerializer;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Pictures from Kafka, verdicts to Kafka, by policies that may change meanwhile. Stateless. */
public final class ModerationJob {
  /** Names the job, its consumer group and its transactions. */
  public static final String NAME = "moderation";

  public static final ConfigOption<String> POLICY =
      ConfigOptions.key("sluice.moderation.policy")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "JSON file of the policy, read where the job is submitted; docs/policies.md.");

  public static final ConfigOption<String> POLICIES_TOPIC =
      ConfigOptions.key("sluice.moderation.policies-topic")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Topic of policies that take effect while the job runs; docs/policies.md. By default"
                  + " none: the file holds.");

  public static final ConfigOption<String> STATUS_TOPIC =
      ConfigOptions.key("sluice.moderation.policy-status-topic")
          .stringType()
          .defaultValue("policy-status")
          .withDescription(
              "With a topic of policies: where the job writes which it took and which not, and"
                  + " why.");

  public static final ConfigOption<String> SHADOW_TOPIC =
      ConfigOptions.key("sluice.moderation.shadow-topic")
          .stringType()
          .defaultValue("shadow-verdicts")
          .withDescription(
              "With a topic of policies: where the job writes the verdicts of shadow policies.");

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
    Optional<KafkaPolicyFeed> feed =
        config
            .getOptional(POLICIES_TOPIC)
            .filter(topic -> !topic.isBlank())
            .map(topic -> new KafkaPolicyFeed(options.kafka(), topic));

    var images = kafka.images(env);
    var settled = feed.map(policies -> vision.settle(images, policies, policy));
    var sliced = vision.slice(settled.orElse(images));
    var encoded = vision.encode(sliced);
    var verdicts = vision.judge(encoded, policy);

    kafka.write(verdicts, "verdicts", new VerdictSerializer(options.kafka().topics().verdicts()));
    kafka.writeRejections(Rejections.of(sliced, encoded, verdicts));
    settled.ifPresent(
        events -> {
          kafka.write(
              vision.shadow(encoded),
              "shadow-verdicts",
              new VerdictSerializer(config.get(SHADOW_TOPIC)));
          kafka.write(
              PolicyStatuses.of(events),
              "policy-status",
              new PolicyStatusSerializer(config.get(STATUS_TOPIC)));
        });
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
