package dev.sluice.jobs.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.jobs.embedded.EmbeddedModel;
import dev.sluice.jobs.scenes.JdkPictureEncoder;
import dev.sluice.jobs.scenes.SceneEvaluation;
import dev.sluice.jobs.scenes.SceneFigures;
import dev.sluice.jobs.scenes.SceneReader;
import dev.sluice.jobs.scenes.SceneReader.Reading;
import dev.sluice.models.LoadOptions;
import dev.sluice.models.Models;
import dev.sluice.models.VisionLanguageModel;
import dev.sluice.models.memory.MemoryLedger;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures a model on scenes that it was not trained on. Used by the main thread. */
@Command(
    name = "evaluate",
    description = "Measures the embedded model on scenes that it was not trained on.",
    mixinStandardHelpOptions = true)
final class EvaluateCommand implements Callable<Integer> {
  private static final int BATCH = 16;
  private static final long BUDGET_BYTES = 8L << 30;

  /** The engine's number for a picture that is never cut. */
  private static final int OVERVIEW_ALONE = 1;

  @Spec private CommandSpec spec;
  @Mixin private ModelArguments model;

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

  @Option(names = "--overview-only", description = "Look at the small overview alone.")
  private boolean overviewOnly;

  @Option(names = "--max-slices", paramLabel = "K", description = "Most slices of a picture.")
  private @Nullable Integer maxSlices;

  @Option(names = "--json", description = "One JSON object in place of a table.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    if (pictures < 1) {
      throw new ParameterException(
          spec.commandLine(), "--pictures: expected at least 1, found " + pictures);
    }
    if (maxSlices != null && maxSlices < 0) {
      throw new ParameterException(
          spec.commandLine(), "--max-slices: expected 0 or more, found " + maxSlices);
    }
    Progress progress = new Progress(spec.commandLine().getErr(), pictures);
    progress.begin("loading the model");
    try (ModelVariant variant = ModelVariant.of(model.directory(), slices());
        VisionLanguageModel loaded = load(variant.directory())) {
      EngineSceneReader reader = new EngineSceneReader(loaded, EmbeddedModel.policy());
      SceneFigures figures =
          SceneEvaluation.run(
              counting(reader, progress), new JdkPictureEncoder(), pictures, seed, BATCH);
      progress.end();
      print(figures);
    }
    return 0;
  }

  private static SceneReader counting(SceneReader reader, Progress progress) {
    return files -> {
      List<Reading> readings = reader.read(files);
      readings.forEach(reading -> progress.done());
      return readings;
    };
  }

  private @Nullable Integer slices() {
    return overviewOnly
        ? Integer.valueOf(OVERVIEW_ALONE)
        : maxSlices == null ? null : Integer.valueOf(Math.max(OVERVIEW_ALONE, maxSlices));
  }

  private VisionLanguageModel load(Path directory) {
    LoadOptions options = model.loadOptions();
    return Models.load(directory, options, new MemoryLedger("cpu", BUDGET_BYTES));
  }

  private void print(SceneFigures figures) throws Exception {
    if (!json) {
      spec.commandLine().getOut().print(figures.text());
      spec.commandLine().getOut().flush();
      return;
    }
    JsonMapper mapper = JsonMapper.builder().build();
    ObjectNode report = mapper.valueToTree(figures);
    report.put("overviewOnly", overviewOnly);
    if (maxSlices != null) {
      report.put("maxSlices", maxSlices);
    }
    spec.commandLine().getOut().println(mapper.writeValueAsString(report));
  }
}
