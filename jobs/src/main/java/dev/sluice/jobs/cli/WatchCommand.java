package dev.sluice.jobs.cli;

import dev.sluice.jobs.stream.KafkaOptions;
import dev.sluice.jobs.stream.KafkaOptions.Topics;
import dev.sluice.jobs.watch.TopicReader;
import dev.sluice.jobs.watch.Watch;
import java.net.URI;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.CommonClientConfigs;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows a running stream on a page of this machine. Used by the main thread. */
@Command(
    name = "watch",
    description = "A page on this machine: pictures, slices, captions, verdicts, the gate; live.",
    mixinStandardHelpOptions = true)
final class WatchCommand implements Callable<Integer> {
  private static final int MAX_PORT = 65_535;
  private static final long CHECK_MILLIS = 500;

  @Spec private CommandSpec spec;

  @Option(
      names = "--bootstrap-servers",
      required = true,
      paramLabel = "HOST:PORT,...",
      description = "Brokers to begin with.")
  private String bootstrapServers;

  @Option(
      names = "--flink",
      paramLabel = "URL",
      description = "Flink's REST interface, for the gate and the steps.")
  private @Nullable URI flink;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8088",
      description = "Of the page, on the loopback address; default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--last",
      paramLabel = "N",
      defaultValue = "200",
      description = "Records of each partition to begin with; default: ${DEFAULT-VALUE}.")
  private long last;

  @Option(names = "--images-topic", paramLabel = "T", description = "Default: images.")
  private @Nullable String imagesTopic;

  @Option(names = "--captions-topic", paramLabel = "T", description = "Default: captions.")
  private @Nullable String captionsTopic;

  @Option(names = "--verdicts-topic", paramLabel = "T", description = "Default: verdicts.")
  private @Nullable String verdictsTopic;

  @Option(names = "--rejected-topic", paramLabel = "T", description = "Default: rejected.")
  private @Nullable String rejectedTopic;

  @Option(
      names = "--kafka-property",
      paramLabel = "NAME=VALUE",
      description = "Property of the Kafka client, for example security.protocol; more than once.")
  private Map<String, String> kafkaProperties = new LinkedHashMap<>();

  @Override
  public Integer call() throws Exception {
    if (port < 0 || port > MAX_PORT) {
      throw new ParameterException(
          spec.commandLine(), "--port: expected 0 to %d, found %d".formatted(MAX_PORT, port));
    }
    if (last < 0) {
      throw new ParameterException(spec.commandLine(), "--last: expected 0 or more, found " + last);
    }
    if (flink != null && !String.valueOf(flink.getScheme()).startsWith("http")) {
      throw new ParameterException(
          spec.commandLine(),
          "--flink: expected a URL such as http://127.0.0.1:8081, found " + flink);
    }
    try (Watch watch = Watch.open(port, Optional.ofNullable(flink));
        TopicReader reader =
            new TopicReader(clientProperties(), topics(), new TopicReader.From(last), watch)) {
      reader.start();
      spec.commandLine().getErr().println("the page is at " + watch.page());
      spec.commandLine().getErr().flush();
      while (reader.failure().isEmpty()) {
        Thread.sleep(CHECK_MILLIS);
      }
      throw reader.failure().orElseThrow();
    }
  }

  private Map<String, Object> clientProperties() {
    Map<String, Object> properties = new HashMap<>(kafkaProperties);
    properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    return properties;
  }

  private Topics topics() {
    return new Topics(
        named(imagesTopic, KafkaOptions.IMAGES_TOPIC.defaultValue()),
        named(captionsTopic, KafkaOptions.CAPTIONS_TOPIC.defaultValue()),
        named(verdictsTopic, KafkaOptions.VERDICTS_TOPIC.defaultValue()),
        KafkaOptions.DESCRIPTIONS_TOPIC.defaultValue(),
        named(rejectedTopic, KafkaOptions.REJECTED_TOPIC.defaultValue()));
  }

  private static String named(@Nullable String given, String otherwise) {
    return given == null ? otherwise : given;
  }
}
