package dev.sluice.jobs.cli;

import dev.sluice.jobs.demo.DemoRun;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the whole stream on this machine. Used by the main thread. */
@Command(
    name = "demo",
    description = "The whole stream on this machine: Kafka, Flink, pictures, captions, verdicts.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private DemoPictureArguments pictures;

  @Option(names = "--exit", description = "End when all results are in.")
  private boolean exit;

  @Override
  public Integer call() throws Exception {
    DemoRun.run(
        new DemoRun.Request(
            pictures.images(),
            pictures.folder(),
            exit ? DemoRun.Ending.WITH_THE_LAST_RESULT : DemoRun.Ending.WHEN_STOPPED),
        spec.commandLine().getOut(),
        spec.commandLine().getErr());
    return 0;
  }
}
