package dev.sluice.jobs.cli;

import dev.sluice.jobs.bench.Bench;
import dev.sluice.jobs.bench.BenchPictures;
import dev.sluice.jobs.bench.BenchSettings;
import dev.sluice.jobs.bench.Scenario;
import dev.sluice.jobs.files.PictureFiles;
import dev.sluice.jobs.local.TemporaryFolder;
import dev.sluice.models.LoadOptions;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures the machine, a model and the stream. Used by the main thread. */
@Command(
    name = "bench",
    description = "How fast the machine, a model and the stream are: a JSON line for each figure.",
    mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {
  private static final int DEFAULT_IMAGES = 16;
  private static final int FEWEST_TOKENS = 2;

  @Spec private CommandSpec spec;
  @Mixin private ModelArguments model;

  @Parameters(
      arity = "0..*",
      paramLabel = "SCENARIO",
      description =
          "gemm, encode, decode, caption, slice, stream; default: all that the model can do.")
  private List<String> scenarios = List.of();

  @Option(
      names = "--batch",
      split = ",",
      paramLabel = "N",
      defaultValue = "1,8",
      description = "Pictures at once, each size measured by itself; default: ${DEFAULT-VALUE}.")
  private List<Integer> batches;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of one operation; default: all processors.")
  private @Nullable Integer threads;

  @Option(
      names = "--repeats",
      paramLabel = "N",
      defaultValue = "3",
      description =
          "Passes that are counted, behind one that is not; the figure is their median; default:"
              + " ${DEFAULT-VALUE}.")
  private int repeats;

  @Option(
      names = "--new-tokens",
      paramLabel = "N",
      defaultValue = "20",
      description = "Longest text, in tokens; default: ${DEFAULT-VALUE}.")
  private int newTokens;

  @Option(
      names = "--images",
      paramLabel = "N",
      description = "How many pictures; default: 16, or all of the folder.")
  private @Nullable Integer images;

  @Option(
      names = "--folder",
      paramLabel = "DIR",
      description = "The files of this folder; default: scenes of 1280x960 that are drawn.")
  private @Nullable Path folder;

  @Override
  public Integer call() throws Exception {
    checkArguments();
    Path directory = model.directory();
    LoadOptions load = model.loadOptions().withSequences(Collections.max(batches));
    BenchSettings settings =
        new BenchSettings(
            directory,
            threads == null ? load : load.withThreads(threads),
            batches,
            repeats,
            newTokens);
    Set<Scenario> chosen = chosen();
    PrintWriter out = spec.commandLine().getOut();
    Bench bench =
        new Bench(
            settings,
            line -> {
              out.println(line);
              out.flush();
            });
    try (TemporaryFolder drawn = TemporaryFolder.create("sluice-bench-")) {
      boolean machineAlone = chosen.equals(EnumSet.of(Scenario.GEMM));
      bench.run(chosen, machineAlone ? List.of() : pictures(drawn.path()));
    }
    return 0;
  }

  private Set<Scenario> chosen() {
    Set<Scenario> chosen = EnumSet.noneOf(Scenario.class);
    try {
      scenarios.forEach(name -> chosen.add(Scenario.of(name)));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    return chosen;
  }

  private void checkArguments() {
    for (int batch : batches) {
      require(batch >= 1, "--batch", "at least 1", batch);
    }
    require(threads == null || threads >= 1, "--threads", "at least 1", threads);
    require(repeats >= 1, "--repeats", "at least 1", repeats);
    require(newTokens >= FEWEST_TOKENS, "--new-tokens", "at least " + FEWEST_TOKENS, newTokens);
    require(images == null || images >= 1, "--images", "at least 1", images);
    require(folder == null || Files.isDirectory(folder), "--folder", "a folder", folder);
  }

  private void require(boolean holds, String option, String expected, @Nullable Object found) {
    if (!holds) {
      throw new ParameterException(
          spec.commandLine(), "%s: expected %s, found %s".formatted(option, expected, found));
    }
  }

  private List<Path> pictures(Path drawn) throws Exception {
    int largest = Collections.max(batches);
    if (folder == null) {
      return BenchPictures.draw(drawn, Math.max(largest, images == null ? DEFAULT_IMAGES : images));
    }
    List<Path> files = PictureFiles.of(List.of(folder)).files();
    List<Path> chosen = images == null ? files : files.subList(0, Math.min(images, files.size()));
    require(
        chosen.size() >= largest,
        "--folder",
        "as many pictures as the largest batch, " + largest,
        chosen.size());
    return chosen;
  }
}
