package dev.sluice.models.image;

import dev.sluice.models.image.AdaptiveGridPlanner.Rounding;
import dev.sluice.models.value.Size;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The published ways of cutting a picture, by the names of the command line. */
public enum SliceStrategy {
  /** LLaVA-UHD on the picture as it is. */
  LLAVA_UHD("llava-uhd", 336, 7),
  /** LLaVA-UHD as its evaluation runs it: the longer side is brought to 1024 pixels first. */
  LLAVA_UHD_EVAL("llava-uhd-eval", 336, 7),
  /** MiniCPM-V 2.x. */
  MINICPM_V("minicpm-v", 448, 9),
  /** Monkey: the base is the side of the square that every picture is brought to. */
  MONKEY("monkey", 896, 4);

  private static final int PATCH = 14;
  private static final int EVALUATION_SIDE = 1024;
  private static final int MONKEY_WINDOW = 448;

  private final String label;
  private final int base;
  private final int maxSlices;

  SliceStrategy(String label, int base, int maxSlices) {
    this.label = label;
    this.base = base;
    this.maxSlices = maxSlices;
  }

  /**
   * @throws IllegalArgumentException if no strategy has this name, with the names there are
   */
  public static SliceStrategy of(String label) {
    return Arrays.stream(values())
        .filter(strategy -> strategy.label.equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "slice strategy '%s': expected one of %s"
                        .formatted(
                            label,
                            Arrays.stream(values())
                                .map(SliceStrategy::label)
                                .collect(Collectors.joining(", ")))));
  }

  public String label() {
    return label;
  }

  /** The published base, pixels. */
  public int base() {
    return base;
  }

  /** The published limit, the overview not counted. */
  public int maxSlices() {
    return maxSlices;
  }

  /** The planner with the published numbers. */
  public SlicePlanner planner() {
    return planner(base, maxSlices);
  }

  /**
   * The planner with other numbers.
   *
   * @param base side that a slice's area is measured by; for Monkey the side of the whole, a
   *     multiple of 448
   * @param maxSlices most slices; Monkey, whose base fixes their number, does not look at it
   */
  public SlicePlanner planner(int base, int maxSlices) {
    return switch (this) {
      case LLAVA_UHD -> new AdaptiveGridPlanner(base, PATCH, maxSlices, Rounding.FLOOR, 0);
      case LLAVA_UHD_EVAL ->
          new AdaptiveGridPlanner(base, PATCH, maxSlices, Rounding.FLOOR, EVALUATION_SIDE);
      case MINICPM_V -> new AdaptiveGridPlanner(base, PATCH, maxSlices, Rounding.HALF_EVEN, 0);
      case MONKEY -> new WindowPlanner(new Size(base, base), MONKEY_WINDOW);
    };
  }
}
