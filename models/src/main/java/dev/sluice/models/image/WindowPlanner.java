package dev.sluice.models.image;

import dev.sluice.models.value.Size;
import dev.sluice.models.value.SlicePlan;

/**
 * Every picture squeezed to one size and cut into square windows: Monkey. Immutable.
 *
 * <p>After {@code sliding_window} of Yuliang-Liu/Monkey. The published models take 896x896 with
 * four windows; 1344x896 with six is named in the paper.
 *
 * @param resized size that every picture is brought to, its shape not kept
 * @param window side of a window, and of the overview, pixels
 */
public record WindowPlanner(Size resized, int window) implements SlicePlanner {
  public WindowPlanner {
    if (window < 1 || resized.width() % window != 0 || resized.height() % window != 0) {
      throw new IllegalArgumentException(
          "slicing into windows of %d: expected sides that are multiples of it, found %s"
              .formatted(window, resized));
    }
  }

  @Override
  public SlicePlan plan(int width, int height) {
    Size square = new Size(window, window);
    return new SlicePlan(
        new Size(width, height),
        square,
        square,
        resized.width() / window,
        resized.height() / window);
  }
}
