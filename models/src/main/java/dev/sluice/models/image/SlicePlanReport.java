package dev.sluice.models.image;

import dev.sluice.models.value.Size;
import dev.sluice.models.value.SlicePlan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A slice plan as plain maps, lists and numbers, ready to be written as JSON, under the names that
 * the reference tables of each strategy use. Stateless.
 *
 * <p>Pairs are [width, height]; the grid is [columns, rows].
 */
public final class SlicePlanReport {
  /** What LLaVA-UHD writes after a slice within a row: the Llama token ','. */
  private static final int COMMA_TOKEN = 29892;

  /** What LLaVA-UHD writes after the last slice of a row: the Llama token for a new line. */
  private static final int NEWLINE_TOKEN = 13;

  private SlicePlanReport() {}

  /** In the order in which it is to be read: the picture's width and height, then the plan. */
  public static Map<String, @Nullable Object> of(SliceStrategy strategy, SlicePlan plan) {
    Map<String, @Nullable Object> report = new LinkedHashMap<>();
    report.put("width", plan.source().width());
    report.put("height", plan.source().height());
    report.put("grid", plan.slice() == null ? null : List.of(plan.columns(), plan.rows()));
    switch (strategy) {
      case LLAVA_UHD -> putSlices(report, plan, separators(plan));
      case LLAVA_UHD_EVAL -> {
        putSlices(report, plan, separators(plan));
        report.put("pre_resize", pair(plan.preResized()));
      }
      case MINICPM_V -> putSlices(report, plan, null);
      case MONKEY -> {
        report.put("resized", pair(plan.refined()));
        report.put("window", pair(plan.slice()));
        report.put("global", pair(plan.overview()));
      }
    }
    return Collections.unmodifiableMap(report);
  }

  private static void putSlices(
      Map<String, @Nullable Object> report, SlicePlan plan, @Nullable List<Integer> separators) {
    report.put("thumbnail", pair(plan.overview()));
    report.put("n_slices", plan.sliceCount());
    report.put("slice", pair(plan.slice()));
    report.put("refine", pair(plan.refined()));
    if (separators != null) {
      report.put("ind_tokens", separators);
    }
  }

  private static @Nullable List<Integer> pair(@Nullable Size size) {
    return size == null ? null : List.of(size.width(), size.height());
  }

  private static List<Integer> separators(SlicePlan plan) {
    List<Integer> tokens = new ArrayList<>(plan.sliceCount());
    for (int row = 0; row < plan.rows(); row++) {
      for (int column = 0; column < plan.columns(); column++) {
        tokens.add(column == plan.columns() - 1 ? NEWLINE_TOKEN : COMMA_TOKEN);
      }
    }
    return tokens;
  }
}
