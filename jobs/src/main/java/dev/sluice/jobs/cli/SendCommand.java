package dev.sluice.jobs.cli;

import dev.sluice.jobs.demo.SendRun;
import dev.sluice.jobs.stream.KafkaOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Sends pictures to Kafka, to try a deployment with. Used by the main thread. */
@Command(
    name = "send",
    description =
        "Sends drawn scenes, or the files of a folder, to Kafka: to try a deployment with.",
    mixinStandardHelpOptions = true)
final class SendCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--bootstrap-servers",
      required = true,
      paramLabel = "HOST:PORT,...",
      description = "Brokers to begin with.")
  private String bootstrapServers;

  @Option(names = "--images-topic", paramLabel = "T", description = "Default: images.")
  private @Nullable String topic;

  @Option(names = "--images", paramLabel = "N", description = "How many pictures in all.")
  private @Nullable Integer images;

  @Option(
      names = "--folder",
      paramLabel = "DIR",
      description = "Send the files of this folder too, whatever they hold.")
  private @Nullable Path folder;

  @Option(names = "--go-on", description = "One more picture every two seconds, until stopped.")
  private boolean goOn;

  @Override
  public Integer call() throws Exception {
    if (images != null && images < 1) {
      throw new ParameterException(
          spec.commandLine(), "--images: expected at least 1, found " + images);
    }
    if (folder != null && !Files.isDirectory(folder)) {
      throw new ParameterException(
          spec.commandLine(), "--folder: expected a folder, found none at " + folder);
    }
    int sent =
        SendRun.run(
            new SendRun.Request(
                bootstrapServers,
                topic == null ? KafkaOptions.IMAGES_TOPIC.defaultValue() : topic,
                images == null ? OptionalInt.empty() : OptionalInt.of(images),
                Optional.ofNullable(folder),
                goOn ? SendRun.Ending.WHEN_STOPPED : SendRun.Ending.WITH_THE_LAST_PICTURE));
    spec.commandLine().getOut().println("{\"sent\":" + sent + "}");
    return 0;
  }
}
