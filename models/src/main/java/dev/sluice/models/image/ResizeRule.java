package dev.sluice.models.image;

import dev.sluice.models.value.Size;

/** What size a picture is brought to, decided from its own size alone. Immutable. */
@FunctionalInterface
public interface ResizeRule {

  /**
   * @throws IllegalArgumentException if the picture is too thin for the rule
   */
  Size target(Size picture);

  /** Every picture keeps its size. */
  static ResizeRule unchanged() {
    return picture -> picture;
  }

  /** Every picture gets this size, whatever its shape. */
  static ResizeRule exactly(Size size) {
    return picture -> size;
  }

  /**
   * The shorter side gets this length; the longer one follows, rounded down: torchvision's resize
   * to one number.
   */
  static ResizeRule shortestEdge(int edge) {
    return picture -> {
      boolean upright = picture.width() <= picture.height();
      long shorter = upright ? picture.width() : picture.height();
      long longer = upright ? picture.height() : picture.width();
      int scaled = Math.toIntExact(edge * longer / shorter);
      return upright ? new Size(edge, scaled) : new Size(scaled, edge);
    };
  }
}
