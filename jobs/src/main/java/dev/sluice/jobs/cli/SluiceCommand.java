package dev.sluice.jobs.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program without a command. Used by the main thread. */
@Command(
    name = "sluice",
    description = "Vision-language operators for Apache Flink: captions and verdicts for pictures.",
    mixinStandardHelpOptions = true,
    version = "sluice 0.1.0-SNAPSHOT",
    subcommands = {
      BenchCommand.class,
      CalibrateCommand.class,
      CaptionCommand.class,
      DemoCommand.class,
      EvaluateCommand.class,
      InspectCommand.class,
      ModerateCommand.class,
      SendCommand.class,
      SliceCommand.class,
      WatchCommand.class,
    })
final class SluiceCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "expected one of the commands "
            + String.join(", ", spec.subcommands().keySet())
            + "; see sluice --help");
  }
}
