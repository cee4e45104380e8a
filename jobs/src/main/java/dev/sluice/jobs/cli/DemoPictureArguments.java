package dev.sluice.jobs.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which pictures the demo's producer sends. Used by the main thread. */
final class DemoPictureArguments {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(names = "--images", paramLabel = "N", description = "How many pictures in all.")
  private @Nullable Integer images;

  @Option(
      names = "--folder",
      paramLabel = "DIR",
      description = "Send the files of this folder too, whatever they hold.")
  private @Nullable Path folder;

  /** Nothing where the number follows from the rest. */
  OptionalInt images() {
    if (images == null) {
      return OptionalInt.empty();
    }
    if (images < 1) {
      throw new ParameterException(
          spec.commandLine(), "--images: expected at least 1, found " + images);
    }
    return OptionalInt.of(images);
  }

  Optional<Path> folder() {
    if (folder != null && !Files.isDirectory(folder)) {
      throw new ParameterException(
          spec.commandLine(), "--folder: expected a folder, found none at " + folder);
    }
    return Optional.ofNullable(folder);
  }
}
