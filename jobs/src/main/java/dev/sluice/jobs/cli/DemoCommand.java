package dev.sluice.jobs.cli;

import dev.sluice.jobs.demo.DemoRun;
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

/** Runs the whole stream on this machine. Used by the main thread. */
@Command(
    name = "demo",
    description = "The whole stream on this machine: Kafka, Flink, pictures, captions, verdicts.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--images", paramLabel = "N", description = "How many pictures in all.")
  private @Nullable Integer images;

  @Option(
      names = "--folder",
      paramLabel = "DIR",
      description = "Send the files of this folder too, whatever they hold.")
  private @Nullable Path folder;

  @Option(names = "--exit", description = "End when all results are in.")
  private boolean exit;

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
    DemoRun.run(
        new DemoRun.Request(
            images == null ? OptionalInt.empty() : OptionalInt.of(images),
            Optional.ofNullable(folder),
            exit ? DemoRun.Ending.WITH_THE_LAST_RESULT : DemoRun.Ending.WHEN_STOPPED),
        spec.commandLine().getOut(),
        spec.commandLine().getErr());
    return 0;
  }
}
