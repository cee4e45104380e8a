package dev.sluice.jobs.cli;

import dev.sluice.jobs.demo.SendRun;
import dev.sluice.jobs.stream.KafkaOptions;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Sends pictures to Kafka, to try a deployment with. Used by the main thread. */
@Command(
    name = "send",
    description =
        "Sends drawn scenes, or the files of a folder, to Kafka: to try a deployment with.",
    mixinStandardHelpOptions = true)
final class SendCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private DemoPictureArguments pictures;

  @Option(
      names = "--bootstrap-servers",
      required = true,
      paramLabel = "HOST:PORT,...",
      description = "Brokers to begin with.")
  private String bootstrapServers;

  @Option(names = "--images-topic", paramLabel = "T", description = "Default: images.")
  private @Nullable String topic;

  @Option(names = "--go-on", description = "One more picture every two seconds, until stopped.")
  private boolean goOn;

  @Override
  public Integer call() throws Exception {
    int sent =
        SendRun.run(
            new SendRun.Request(
                bootstrapServers,
                topic == null ? KafkaOptions.IMAGES_TOPIC.defaultValue() : topic,
                pictures.images(),
                pictures.folder(),
                goOn ? SendRun.Ending.WHEN_STOPPED : SendRun.Ending.WITH_THE_LAST_PICTURE));
    spec.commandLine().getOut().println("{\"sent\":" + sent + "}");
    return 0;
  }
}
