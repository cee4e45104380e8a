package dev.sluice.jobs.cli;

import dev.sluice.jobs.files.FileRun;
import dev.sluice.models.value.Prompt;
import dev.sluice.operators.VisionOptions;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Describes pictures in files. Used by the main thread. */
@Command(
    name = "caption",
    description = "Describes pictures in files: one JSON line for each.",
    mixinStandardHelpOptions = true)
final class CaptionCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ModelArguments model;
  @Mixin private PictureArguments pictures;

  @Option(
      names = "--prompt",
      paramLabel = "P",
      description = "What the model is asked; default: what its family is usually asked.")
  private @Nullable String prompt;

  @Option(names = "--max-new-tokens", paramLabel = "N", description = "Longest caption, in tokens.")
  private @Nullable Integer maxNewTokens;

  @Override
  public Integer call() throws Exception {
    FileRun run = new FileRun(model.reference(), options());
    return pictures.run(
        (files, sink) -> run.caption(files, Optional.ofNullable(prompt).map(Prompt::of), sink));
  }

  private VisionOptions options() {
    Configuration configuration = new Configuration();
    if (maxNewTokens != null) {
      configuration.set(VisionOptions.MAX_NEW_TOKENS, maxNewTokens);
    }
    try {
      return VisionOptions.from(configuration);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(), "--max-new-tokens: expected at least 1, found " + maxNewTokens, e);
    }
  }
}
