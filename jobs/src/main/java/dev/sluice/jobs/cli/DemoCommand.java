package dev.sluice.jobs.cli;

import dev.sluice.jobs.demo.DemoRun;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
  @Mixin private DemoPictureArguments pictures;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Model folder as published; default: the small one that comes with sluice.")
  private @Nullable Path model;

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      description = "Policy that the model of --model judges by; docs/policies.md.")
  private @Nullable Path policy;

  @Option(names = "--exit", description = "End when all results are in.")
  private boolean exit;

  @Override
  public Integer call() throws Exception {
    DemoRun.run(
        new DemoRun.Request(
            pictures.images(),
            pictures.folder(),
            ownModel(),
            exit ? DemoRun.Ending.WITH_THE_LAST_RESULT : DemoRun.Ending.WHEN_STOPPED),
        spec.commandLine().getOut(),
        spec.commandLine().getErr());
    return 0;
  }

  private Optional<DemoRun.OwnModel> ownModel() {
    if (model == null && policy == null) {
      return Optional.empty();
    }
    if (model == null || policy == null) {
      throw new ParameterException(
          spec.commandLine(), "--model and --policy: expected both or neither, found one");
    }
    return Optional.of(new DemoRun.OwnModel(model.toAbsolutePath(), policy.toAbsolutePath()));
  }
}
