package dev.sluice.jobs.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.jobs.embedded.EmbeddedModel;
import dev.sluice.jobs.scenes.SceneEvaluation;
import dev.sluice.jobs.scenes.SceneFigures;
import dev.sluice.jobs.scenes.SceneOutcome;
import dev.sluice.jobs.scenes.SceneReader;
import dev.sluice.jobs.scenes.SceneReader.Reading;
import dev.sluice.jobs.scenes.SceneSet;
import dev.sluice.jobs.scenes.SceneStream;
import dev.sluice.jobs.scenes.StandardPictureEncoder;
import dev.sluice.models.LoadOptions;
import dev.sluice.models.Models;
import dev.sluice.models.VisionLanguageModel;
import dev.sluice.models.memory.MemoryLedger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
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
  private static final long BUDGET_BYTES = 8L << 30;

  /** The engine's number for a picture that is never cut. */
  private static final int OVERVIEW_ALONE = 1;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Spec private CommandSpec spec;
  @Mixin private ModelArguments model;
  @Mixin private SceneArguments scenes;

  @Option(names = "--overview-only", description = "Look at the small overview alone.")
  private boolean overviewOnly;

  @Option(names = "--max-slices", paramLabel = "K", description = "Most slices of a picture.")
  private @Nullable Integer maxSlices;

  @Option(
      names = "--shifted",
      description = "The same scenes before other backgrounds and coded harder than trained on.")
  private boolean shifted;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "16",
      description = "How many pictures are read together; default: ${DEFAULT-VALUE}.")
  private int batch;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Writes a page that shows the worst pictures.")
  private @Nullable Path html;

  @Option(
      names = "--readings",
      paramLabel = "FILE",
      description = "Writes a JSON line for each picture: expected, found, scores.")
  private @Nullable Path readings;

  @Option(names = "--json", description = "One JSON object in place of a table.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    int pictures = scenes.pictures();
    if (maxSlices != null && maxSlices < 0) {
      throw new ParameterException(
          spec.commandLine(), "--max-slices: expected 0 or more, found " + maxSlices);
    }
    if (batch < 1) {
      throw new ParameterException(
          spec.commandLine(), "--batch: expected at least 1, found " + batch);
    }
    Progress progress = new Progress(spec.commandLine().getErr(), pictures);
    progress.begin("loading the model");
    SceneStream stream =
        new SceneStream(shifted ? SceneSet.SHIFTED : SceneSet.STANDARD, scenes.seed());
    StandardPictureEncoder encoder = new StandardPictureEncoder();
    try (ModelVariant variant = ModelVariant.of(model.directory(), slices());
        VisionLanguageModel loaded = load(variant.directory())) {
      EngineSceneReader reader = new EngineSceneReader(loaded, EmbeddedModel.policy());
      SceneEvaluation evaluation =
          SceneEvaluation.run(counting(reader, progress), encoder, stream, pictures, batch);
      progress.end();
      if (html != null) {
        Files.writeString(html, ContactSheet.of(evaluation, encoder, loaded.slicer()));
      }
      if (readings != null) {
        Files.write(readings, evaluation.outcomes().stream().map(EvaluateCommand::line).toList());
      }
      print(evaluation.figures());
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
      spec.commandLine().getOut().print(FiguresTable.of(figures));
      spec.commandLine().getOut().flush();
      return;
    }
    ObjectNode report = JSON.valueToTree(figures);
    report.put("overviewOnly", overviewOnly);
    if (maxSlices != null) {
      report.put("maxSlices", maxSlices);
    }
    spec.commandLine().getOut().println(JSON.writeValueAsString(report));
  }

  private static String line(SceneOutcome outcome) {
    ObjectNode line = JSON.createObjectNode();
    line.put("picture", outcome.number());
    line.put("expected", outcome.expected().text());
    line.put("found", outcome.reading().caption());
    line.put("label", outcome.forbidden().word());
    line.set("scores", JSON.valueToTree(new TreeMap<>(outcome.reading().labels())));
    line.put("decision", outcome.reading().decision().name());
    return line.toString();
  }
}
