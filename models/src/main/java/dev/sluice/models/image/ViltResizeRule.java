package dev.sluice.models.image;

import dev.sluice.models.value.Size;

/**
 * The shorter side gets a length, unless the longer one would pass 1333/800 of it; both are then
 * cut to whole patches: ViLT. Immutable.
 *
 * <p>transformers {@code ViltImageProcessor.resize}, in doubles in its order.
 *
 * @param edge length of the shorter side, pixels
 * @param divisor what both sides are multiples of, pixels
 */
public record ViltResizeRule(int edge, int divisor) implements ResizeRule {
  private static final double LONGEST_TO_SHORTEST = 1333.0 / 800.0;

  /** The most that the longer side gets. */
  public int longestEdge() {
    return (int) (LONGEST_TO_SHORTEST * edge);
  }

  @Override
  public Size target(Size picture) {
    boolean wide = picture.height() < picture.width();
    double height = wide ? edge : picture.height() * ((double) edge / picture.width());
    double width = wide ? picture.width() * ((double) edge / picture.height()) : edge;
    double longest = Math.max(height, width);
    double shrink = longest > longestEdge() ? longestEdge() / longest : 1;
    int rows = (int) (height * shrink + 0.5) / divisor;
    int columns = (int) (width * shrink + 0.5) / divisor;
    if (rows < 1 || columns < 1) {
      throw new IllegalArgumentException(
          "picture %s: too thin for a longer side of %d in steps of %d, a side would vanish"
              .formatted(picture, longestEdge(), divisor));
    }
    return new Size(columns * divisor, rows * divisor);
  }
}
