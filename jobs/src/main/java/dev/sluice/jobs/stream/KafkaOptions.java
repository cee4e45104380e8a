package dev.sluice.jobs.stream;

import java.io.Serializable;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;

/**
 * Where a job reads pictures and writes results. Immutable.
 *
 * @param properties for every Kafka client, such as those of SASL and TLS; never logged
 */
public record KafkaOptions(
    String bootstrapServers,
    Topics topics,
    String groupId,
    StartingOffsets startingOffsets,
    String transactionalIdPrefix,
    Duration transactionTimeout,
    Map<String, String> properties)
    implements Serializable {

  public static final ConfigOption<String> BOOTSTRAP_SERVERS =
      ConfigOptions.key("sluice.kafka.bootstrap-servers")
          .stringType()
          .noDefaultValue()
          .withDescription("Brokers to begin with: host:port, host:port.");

  public static final ConfigOption<String> IMAGES_TOPIC =
      ConfigOptions.key("sluice.kafka.images-topic")
          .stringType()
          .defaultValue("images")
          .withDescription("Where image events are read.");

  public static final ConfigOption<String> CAPTIONS_TOPIC =
      ConfigOptions.key("sluice.kafka.captions-topic")
          .stringType()
          .defaultValue("captions")
          .withDescription("Where the captioning job writes.");

  public static final ConfigOption<String> VERDICTS_TOPIC =
      ConfigOptions.key("sluice.kafka.verdicts-topic")
          .stringType()
          .defaultValue("verdicts")
          .withDescription("Where the moderation job writes.");

  public static final ConfigOption<String> DESCRIPTIONS_TOPIC =
      ConfigOptions.key("sluice.kafka.descriptions-topic")
          .stringType()
          .defaultValue("descriptions")
          .withDescription("Where the describe job writes.");

  public static final ConfigOption<String> REJECTED_TOPIC =
      ConfigOptions.key("sluice.kafka.rejected-topic")
          .stringType()
          .defaultValue("rejected")
          .withDescription("Where all jobs write what they could not process, and why.");

  public static final ConfigOption<String> GROUP_ID =
      ConfigOptions.key("sluice.kafka.group-id")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Consumer group that offsets are committed under, for others to see; what counts is"
                  + " the checkpoint. Default: sluice- and the job's name.");

  public static final ConfigOption<StartingOffsets> STARTING_OFFSETS =
      ConfigOptions.key("sluice.kafka.starting-offsets")
          .enumType(StartingOffsets.class)
          .defaultValue(StartingOffsets.COMMITTED)
          .withDescription(
              "Where a job without a checkpoint begins: COMMITTED (of its group, otherwise the"
                  + " earliest), EARLIEST or LATEST.");

  public static final ConfigOption<String> TRANSACTIONAL_ID_PREFIX =
      ConfigOptions.key("sluice.kafka.transactional-id-prefix")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Begins the ids of the job's transactions; no two running jobs may share it. Default:"
                  + " sluice- and the job's name.");

  public static final ConfigOption<Duration> TRANSACTION_TIMEOUT =
      ConfigOptions.key("sluice.kafka.transaction-timeout")
          .durationType()
          .defaultValue(Duration.ofMinutes(15))
          .withDescription(
              "After which the broker aborts a transaction: longer than the longest outage that"
                  + " must lose nothing, at most the broker's transaction.max.timeout.ms.");

  /** Pass-through properties; a prefix, not an option. */
  public static final ConfigOption<Map<String, String>> PROPERTIES =
      ConfigOptions.key("sluice.kafka.properties")
          .mapType()
          .defaultValue(Map.of())
          .withDescription(
              "Properties of the Kafka clients, for example security.protocol: one key"
                  + " sluice.kafka.properties.NAME for each.");

  public KafkaOptions {
    properties = Map.copyOf(properties);
  }

  /**
   * @param job names the group and the transactions where the configuration does not
   * @throws IllegalArgumentException if the brokers are not given
   */
  public static KafkaOptions from(ReadableConfig config, String job) {
    String servers =
        config
            .getOptional(BOOTSTRAP_SERVERS)
            .filter(value -> !value.isBlank())
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        BOOTSTRAP_SERVERS.key() + ": expected host:port, found nothing"));
    return new KafkaOptions(
        servers,
        new Topics(
            config.get(IMAGES_TOPIC),
            config.get(CAPTIONS_TOPIC),
            config.get(VERDICTS_TOPIC),
            config.get(DESCRIPTIONS_TOPIC),
            config.get(REJECTED_TOPIC)),
        config.getOptional(GROUP_ID).orElse("sluice-" + job),
        config.get(STARTING_OFFSETS),
        config.getOptional(TRANSACTIONAL_ID_PREFIX).orElse("sluice-" + job),
        config.get(TRANSACTION_TIMEOUT),
        config.get(PROPERTIES));
  }

  /** The pass-through properties as Kafka takes them. */
  Properties clientProperties() {
    Properties all = new Properties();
    all.putAll(properties);
    return all;
  }

  /** Never shows the pass-through properties, which may hold secrets. */
  @Override
  public String toString() {
    return "KafkaOptions[" + bootstrapServers + ", " + topics + ", group " + groupId + "]";
  }

  /** Topics of the jobs. Immutable. */
  public record Topics(
      String images, String captions, String verdicts, String descriptions, String rejected)
      implements Serializable {}

  /** Where a job without a checkpoint begins. */
  public enum StartingOffsets {
    /** The group's committed offsets, otherwise the earliest. */
    COMMITTED,
    EARLIEST,
    LATEST
  }
}
