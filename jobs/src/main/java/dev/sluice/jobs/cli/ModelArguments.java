package dev.sluice.jobs.cli;

import dev.sluice.jobs.embedded.EmbeddedModel;
import dev.sluice.models.LoadOptions;
import dev.sluice.models.value.Dtype;
import dev.sluice.operators.ModelOptions;
import dev.sluice.operators.ModelRef;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which model, computed in what. Used by the main thread. */
final class ModelArguments {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Model folder as published; default: the small one that comes with sluice.")
  private @Nullable Path model;

  @Option(
      names = "--dtype",
      paramLabel = "D",
      description = "float32, float16 or bfloat16; default: the checkpoint's own.")
  private @Nullable String dtype;

  @Option(
      names = "--pre-resize",
      paramLabel = "N",
      description =
          "What the longer side of a picture is brought to before slicing, 0 for not at all;"
              + " default: what the model says.")
  private @Nullable Integer preResize;

  /** Whether no other model was asked for. */
  boolean isEmbedded() {
    return model == null;
  }

  Path directory() {
    if (model == null) {
      return EmbeddedModel.directory();
    }
    if (!Files.isDirectory(model)) {
      throw new ParameterException(
          spec.commandLine(), "--model: expected a folder, found none at " + model);
    }
    return model;
  }

  LoadOptions loadOptions() {
    LoadOptions options = LoadOptions.DEFAULTS;
    Dtype parsed = parsedDtype();
    if (parsed != null) {
      options = options.withDtype(parsed);
    }
    return preResize == null ? options : options.withPreResize(checkedPreResize(preResize));
  }

  ModelRef reference() {
    Configuration configuration = new Configuration();
    Dtype parsed = parsedDtype();
    if (parsed != null) {
      configuration.set(ModelOptions.DTYPE, parsed.label());
    }
    if (preResize != null) {
      configuration.set(ModelOptions.IMAGE_PRE_RESIZE, checkedPreResize(preResize));
    }
    return ModelRef.of(directory().toString(), ModelOptions.from(configuration));
  }

  private int checkedPreResize(int pixels) {
    if (pixels < 0) {
      throw new ParameterException(
          spec.commandLine(), "--pre-resize: expected 0 or more pixels, found " + pixels);
    }
    return pixels;
  }

  private @Nullable Dtype parsedDtype() {
    try {
      return dtype == null ? null : Dtype.parse(dtype);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }
  }
}
