package dev.sluice.jobs.cli;

import dev.sluice.jobs.embedded.EmbeddedModel;
import dev.sluice.jobs.files.FileRun;
import dev.sluice.operators.VisionOptions;
import dev.sluice.operators.policy.PolicyFile;
import dev.sluice.serde.ModerationPolicy;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Judges pictures in files. Used by the main thread. */
@Command(
    name = "moderate",
    description = "Judges pictures in files by a policy: one JSON line for each.",
    mixinStandardHelpOptions = true)
final class ModerateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ModelArguments model;
  @Mixin private PictureArguments pictures;

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      description = "The policy as JSON; default with the embedded model: its own.")
  private @Nullable Path policy;

  @Override
  public Integer call() throws Exception {
    ModerationPolicy chosen = chosenPolicy();
    FileRun run = new FileRun(model.reference(), VisionOptions.DEFAULTS);
    return pictures.run((files, sink) -> run.judge(files, chosen, sink));
  }

  private ModerationPolicy chosenPolicy() {
    try {
      if (policy != null) {
        return PolicyFile.read(policy);
      }
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--policy: " + e.getMessage(), e);
    }
    if (!model.isEmbedded()) {
      throw new ParameterException(
          spec.commandLine(), "--policy: expected a JSON file, found nothing");
    }
    return EmbeddedModel.policy();
  }
}
