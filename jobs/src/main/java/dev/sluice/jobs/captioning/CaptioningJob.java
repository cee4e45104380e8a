package dev.sluice.jobs.captioning;

import dev.sluice.jobs.stream.JobOptions;
import dev.sluice.jobs.stream.KafkaEndpoints;
import dev.sluice.models.value.Prompt;
import dev.sluice.operators.Rejections;
import dev.sluice.operators.VisionLanguage;
import dev.sluice.serde.kafka.CaptionSerializer;
import java.util.Optional;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Pictures from Kafka, captions to Kafka. Stateless. */
public final class CaptioningJob {
  /** Names the job, its consumer group and its transactions. */
  public static final String NAME = "captioning";

  public static final ConfigOption<String> PROMPT =
      ConfigOptions.key("sluice.captioning.prompt")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "What the model is asked where an event does not ask for itself. By default what its"
                  + " family is usually asked for a caption.");

  public static final ConfigOption<String> PROMPT_ID =
      ConfigOptions.key("sluice.captioning.prompt-id")
          .stringType()
          .defaultValue("caption")
          .withDescription("Names the prompt in captions.");

  public static final ConfigOption<String> PROMPT_VERSION =
      ConfigOptions.key("sluice.captioning.prompt-version")
          .stringType()
          .defaultValue("1")
          .withDescription("Version of the prompt in captions.");

  private CaptioningJob() {}

  /**
   * Adds the job to an environment.
   *
   * @throws IllegalArgumentException if an option is missing or out of range
   */
  public static void define(StreamExecutionEnvironment env, ReadableConfig config) {
    JobOptions options = JobOptions.from(config, NAME);
    Optional<Prompt> prompt =
        config
            .getOptional(PROMPT)
            .map(text -> new Prompt(config.get(PROMPT_ID), config.get(PROMPT_VERSION), text));
    KafkaEndpoints kafka = new KafkaEndpoints(options);
    VisionLanguage vision = VisionLanguage.with(options.model(), options.vision());

    var sliced = vision.slice(kafka.images(env));
    var encoded = vision.encode(sliced);
    var captions =
        prompt.map(own -> vision.caption(encoded, own)).orElseGet(() -> vision.caption(encoded));

    kafka.write(captions, "captions", new CaptionSerializer(options.kafka().topics().captions()));
    kafka.writeRejections(Rejections.of(sliced, encoded, captions));
  }
}
