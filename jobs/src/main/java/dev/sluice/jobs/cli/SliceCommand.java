package dev.sluice.jobs.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.models.image.SlicePlanReport;
import dev.sluice.models.image.SlicePlanner;
import dev.sluice.models.image.SliceStrategy;
import dev.sluice.models.value.Size;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows how pictures of given sizes would be cut. Used by the main thread. */
@Command(
    name = "slice",
    description = "How pictures of given sizes are cut: one JSON line for each.",
    mixinStandardHelpOptions = true)
final class SliceCommand implements Callable<Integer> {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Pattern SIZE = Pattern.compile("(\\d{1,6})[xX](\\d{1,6})");

  @Spec private CommandSpec spec;

  @Option(
      names = "--strategy",
      required = true,
      paramLabel = "NAME",
      description = "llava-uhd, llava-uhd-eval, minicpm-v or monkey.")
  private String strategy;

  @Option(
      names = "--base",
      paramLabel = "N",
      description = "Side in pixels that a slice's area is measured by; default as published.")
  private @Nullable Integer base;

  @Option(
      names = "--max-slices",
      paramLabel = "N",
      description = "Most slices beside the overview; default as published.")
  private @Nullable Integer maxSlices;

  @Parameters(arity = "1..*", paramLabel = "WxH", description = "Sizes in pixels.")
  private List<String> sizes;

  @Override
  public Integer call() throws JsonProcessingException {
    SliceStrategy chosen;
    List<Size> parsed = sizes.stream().map(this::parse).toList();
    SlicePlanner planner;
    try {
      chosen = SliceStrategy.of(strategy);
      planner =
          chosen.planner(
              base == null ? chosen.base() : base,
              maxSlices == null ? chosen.maxSlices() : maxSlices);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    for (Size size : parsed) {
      spec.commandLine()
          .getOut()
          .println(
              JSON.writeValueAsString(
                  SlicePlanReport.of(chosen, planner.plan(size.width(), size.height()))));
    }
    return 0;
  }

  private Size parse(String text) {
    Matcher matcher = SIZE.matcher(text);
    if (matcher.matches()) {
      int width = Integer.parseInt(matcher.group(1));
      int height = Integer.parseInt(matcher.group(2));
      if (width > 0 && height > 0) {
        return new Size(width, height);
      }
    }
    throw new ParameterException(
        spec.commandLine(), "size '%s': expected WxH such as 1280x720".formatted(text));
  }
}
