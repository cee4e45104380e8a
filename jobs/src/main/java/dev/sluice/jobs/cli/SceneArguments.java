package dev.sluice.jobs.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which drawn scenes the embedded model is shown. Used by the main thread. */
final class SceneArguments {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--pictures",
      required = true,
      paramLabel = "N",
      description = "How many scenes are drawn and read.")
  private int pictures;

  @Option(
      names = "--seed",
      required = true,
      paramLabel = "S",
      description = "Of the stream of scenes; the same seed draws the same pictures.")
  private long seed;

  /**
   * @throws ParameterException if there are none
   */
  int pictures() {
    if (pictures < 1) {
      throw new ParameterException(
          spec.commandLine(), "--pictures: expected at least 1, found " + pictures);
    }
    return pictures;
  }

  long seed() {
    return seed;
  }
}
