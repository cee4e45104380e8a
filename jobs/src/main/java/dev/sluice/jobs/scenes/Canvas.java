package dev.sluice.jobs.scenes;

import dev.sluice.jobs.scenes.Scene.Shape;

/**
 * A picture being drawn, in floats; positions are given in canvas units and mean the same at every
 * size. Used by one thread.
 */
final class Canvas {
  /** What covers a place, 0..1. */
  @FunctionalInterface
  interface Coverage {
    float at(double x, double y);
  }

  /** The colour of a place, written into three floats. */
  @FunctionalInterface
  interface Ink {
    void at(double x, double y, float[] rgb);
  }

  private final int width;
  private final int height;
  private final double scaleX;
  private final double scaleY;
  private final float[] rgb;

  Canvas(CanvasPlan plan, int width, int height) {
    this.width = width;
    this.height = height;
    this.scaleX = (double) width / plan.width();
    this.scaleY = (double) height / plan.height();
    this.rgb = new float[width * height * 3];
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  /** Pixels of a canvas unit. */
  double scale() {
    return Math.sqrt(scaleX * scaleY);
  }

  /** The pixels, [height, width, 3], shared. */
  float[] rgb() {
    return rgb;
  }

  /** Paints what is covered within the box. */
  void paint(Box box, Coverage coverage, Ink ink) {
    int left = Math.max(0, (int) Math.floor(box.x() * scaleX) - 1);
    int right = Math.min(width, (int) Math.ceil((box.x() + box.width()) * scaleX) + 1);
    int top = Math.max(0, (int) Math.floor(box.y() * scaleY) - 1);
    int bottom = Math.min(height, (int) Math.ceil((box.y() + box.height()) * scaleY) + 1);
    float[] colour = new float[3];
    for (int py = top; py < bottom; py++) {
      double y = (py + 0.5) / scaleY;
      for (int px = left; px < right; px++) {
        double x = (px + 0.5) / scaleX;
        float a = coverage.at(x, y);
        if (a > 0) {
          int i = (py * width + px) * 3;
          colour[0] = rgb[i];
          colour[1] = rgb[i + 1];
          colour[2] = rgb[i + 2];
          ink.at(x, y, colour);
          rgb[i] += (colour[0] - rgb[i]) * a;
          rgb[i + 1] += (colour[1] - rgb[i + 1]) * a;
          rgb[i + 2] += (colour[2] - rgb[i + 2]) * a;
        }
      }
    }
  }

  /** Paints a plain shape. */
  void paint(Shape shape) {
    double cos = StrictMath.cos(StrictMath.toRadians(shape.degrees()));
    double sin = StrictMath.sin(StrictMath.toRadians(shape.degrees()));
    double spanX = Math.abs(cos) * shape.width() + Math.abs(sin) * shape.height() + 2;
    double spanY = Math.abs(sin) * shape.width() + Math.abs(cos) * shape.height() + 2;
    double pixels = scale();
    Coverage coverage =
        (x, y) -> {
          double dx = x - shape.x();
          double dy = y - shape.y();
          double outside = distance(shape, dx * cos + dy * sin, dy * cos - dx * sin);
          return (float) Math.max(0, Math.min(1, 0.5 - outside * pixels));
        };
    Rgb colour = shape.colour();
    paint(
        new Box(shape.x() - spanX / 2, shape.y() - spanY / 2, spanX, spanY),
        coverage,
        (x, y, out) -> {
          out[0] = colour.red();
          out[1] = colour.green();
          out[2] = colour.blue();
        });
  }

  /** How far (x, y) is outside the shape, about. */
  private static double distance(Shape shape, double x, double y) {
    double a = shape.width() / 2;
    double b = shape.height() / 2;
    double ax = Math.abs(x);
    double ay = Math.abs(y);
    return switch (shape.form()) {
      case RECTANGLE -> Math.max(ax - a, ay - b);
      case ELLIPSE -> (Math.sqrt(x * x / (a * a) + y * y / (b * b)) - 1) * Math.min(a, b);
      case PLUS -> Math.min(Math.max(ax - a, ay - 1), Math.max(ax - 1, ay - b));
      case BARS ->
          Math.max(Math.max(ax - a, ay - b), Math.abs((y + b) - 2 * Math.rint((y + b) / 2)) - 0.5);
    };
  }

  /** Paints a stencil about a centre, turned and perhaps mirrored. */
  void paint(Stencil stencil, Box box, double degrees, boolean flipped, Body body) {
    double cos = StrictMath.cos(StrictMath.toRadians(degrees));
    double sin = StrictMath.sin(StrictMath.toRadians(degrees));
    double spanX = Math.abs(cos) * box.width() + Math.abs(sin) * box.height();
    double spanY = Math.abs(sin) * box.width() + Math.abs(cos) * box.height();
    int level = stencil.level(box.width() * scale());
    double[] at = new double[2];
    Coverage coverage =
        (x, y) -> {
          double dx = x - box.centreX();
          double dy = y - box.centreY();
          at[0] = dx * cos + dy * sin;
          at[1] = dy * cos - dx * sin;
          double u = at[0] / box.width() + 0.5;
          return stencil.sample(level, 0, flipped ? 1 - u : u, at[1] / box.height() + 0.5);
        };
    paint(
        new Box(box.centreX() - spanX / 2, box.centreY() - spanY / 2, spanX, spanY),
        (x, y) -> coverage.at(x, y) * body.opacity(),
        (x, y, out) -> {
          double u = at[0] / box.width() + 0.5;
          body.colour(level, at[0], at[1], flipped ? 1 - u : u, at[1] / box.height() + 0.5, out);
        });
  }

  /** How a stencil is filled. */
  interface Body {
    default float opacity() {
      return 1;
    }

    /**
     * The colour at a place.
     *
     * @param level of the stencil
     * @param x from the centre, canvas units, turned back
     * @param y from the centre, canvas units, turned back
     * @param u across the stencil, 0..1
     * @param v down the stencil, 0..1
     * @param out holds what was there; receives the colour
     */
    void colour(int level, double x, double y, double u, double v, float[] out);
  }
}
