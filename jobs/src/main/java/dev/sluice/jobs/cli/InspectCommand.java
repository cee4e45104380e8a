package dev.sluice.jobs.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.models.LoadOptions;
import dev.sluice.models.ModelDescription;
import dev.sluice.models.Models;
import dev.sluice.models.VisionLanguageModel;
import dev.sluice.models.memory.MemoryLedger;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.LabelQuestion;
import dev.sluice.models.value.Prompt;
import dev.sluice.models.value.TracePrompt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows what a model folder holds, and every stage of one run. Used by the main thread. */
@Command(
    name = "inspect",
    description = "Family, parameters and memory of a model; with --image one run.",
    mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  @Spec private CommandSpec spec;
  @Mixin private ModelArguments model;

  @Option(names = "--image", paramLabel = "F", description = "A picture to run.")
  private @Nullable Path image;

  @ArgGroup private @Nullable Question question;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description = "Answers to score instead of generating text, one a line.")
  private @Nullable Path labels;

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      defaultValue = "64",
      description = "Longest text, in tokens; default: ${DEFAULT-VALUE}.")
  private int maxNewTokens;

  @Option(
      names = "--trace",
      paramLabel = "OUT.safetensors",
      description = "Where every stage's tensor goes.")
  private @Nullable Path trace;

  @Option(names = "--json", description = "The report in one line.")
  private boolean oneLine;

  @Override
  public Integer call() throws Exception {
    checkArguments();
    Path directory = model.directory();
    ModelDescription description = Models.describe(directory, model.loadOptions());
    ObjectNode report = describe(description);
    if (image != null) {
      byte[] picture = Files.readAllBytes(image);
      try (VisionLanguageModel loaded = load(directory, description)) {
        run(loaded, picture, report);
      }
    }
    spec.commandLine().getOut().println(oneLine ? report.toString() : json(report));
    return 0;
  }

  private void checkArguments() {
    if (image == null && (trace != null || labels != null || question != null)) {
      throw new ParameterException(
          spec.commandLine(), "--image: expected a picture to run, found nothing");
    }
    if (image != null && !Files.isRegularFile(image)) {
      throw new ParameterException(
          spec.commandLine(), "--image: expected a file, found none at " + image);
    }
    if (maxNewTokens < 1) {
      throw new ParameterException(
          spec.commandLine(), "--max-new-tokens: expected at least 1, found " + maxNewTokens);
    }
  }

  private VisionLanguageModel load(Path directory, ModelDescription description) {
    long budget = Math.max(Runtime.getRuntime().maxMemory(), 4 * description.weightsBytes());
    return Models.load(
        directory, model.loadOptions(), new MemoryLedger("cpu", Math.max(budget, 8L << 30)));
  }

  private void run(VisionLanguageModel loaded, byte[] picture, ObjectNode report) throws Exception {
    if (trace != null) {
      new TraceRun(loaded, picture).write(traced(loaded), maxNewTokens, trace);
      report.put("trace", trace.toString());
    }
    if (labels != null) {
      new SingleRun(loaded, picture).score(templated(loaded), readLabels(labels), report);
    } else if (loaded.generator().isPresent() && prompt(loaded) instanceof TracePrompt.Templated) {
      new SingleRun(loaded, picture).generate(templated(loaded), maxNewTokens, report);
    }
  }

  private TracePrompt traced(VisionLanguageModel loaded) throws IOException {
    return labels == null
        ? prompt(loaded)
        : new TracePrompt.Labels(new LabelQuestion(templated(loaded), readLabels(labels)));
  }

  private TracePrompt prompt(VisionLanguageModel loaded) {
    return question != null && question.raw != null
        ? TracePrompt.raw(question.raw)
        : new TracePrompt.Templated(templated(loaded));
  }

  private Prompt templated(VisionLanguageModel loaded) {
    if (question != null && question.prompt != null) {
      return Prompt.of(question.prompt);
    }
    return loaded.captionPrompt();
  }

  private static List<String> readLabels(Path file) throws IOException {
    return Files.readAllLines(file).stream().map(String::strip).filter(l -> !l.isEmpty()).toList();
  }

  private static ObjectNode describe(ModelDescription description) {
    ObjectNode report = JSON.createObjectNode();
    report.put("family", description.family());
    report.put("revision", description.revision());
    ArrayNode capabilities = report.putArray("capabilities");
    description
        .capabilities()
        .forEach(capability -> capabilities.add(capability.name().toLowerCase(Locale.ROOT)));
    report.put("dtype", description.dtype().label());
    report.put("parameters", description.parameters());
    ObjectNode memory = report.putObject("memory");
    memory.put("weightsBytes", description.weightsBytes());
    ObjectNode byType = memory.putObject("weightsBytesAs");
    for (Dtype dtype : Dtype.values()) {
      byType.put(dtype.label(), description.parameters() * dtype.bytes());
    }
    byType.put("int8", description.parameters());
    long total = Models.deviceBytes(LoadOptions.DEFAULTS);
    memory.put("deviceBytes", total);
    memory.put("fits", description.weightsBytes() + description.costs().totalBytes() <= total);
    memory
        .put("kvBytesPerToken", description.kvBytesPerToken())
        .put("pictureTilesBytes", description.costs().tilesBytes())
        .put("pictureEncodeBytes", description.costs().encodeBytes())
        .put("pictureTokensBytes", description.costs().tokensBytes())
        .put("picturePrefillBytes", description.costs().prefillBytes());
    return report;
  }

  private static String json(ObjectNode report) throws JsonProcessingException {
    return JSON.writeValueAsString(report);
  }

  /** What is asked, in one of two ways. */
  static final class Question {
    @Option(names = "--prompt", paramLabel = "P", description = "Words for the model's template.")
    private @Nullable String prompt;

    @Option(
        names = "--raw-prompt",
        paramLabel = "P",
        description = "The whole prompt, with <image>, or its token ids.")
    private @Nullable String raw;
  }
}
