package dev.sluice.jobs.scenes;

/** A rectangle in canvas units: left, top, width, height. Immutable. */
public record Box(double x, double y, double width, double height) {
  double centreX() {
    return x + width / 2;
  }

  double centreY() {
    return y + height / 2;
  }

  double area() {
    return width * height;
  }

  /** Whether the two overlap once both are grown by half the margin. */
  boolean touches(Box other, double margin) {
    return Math.min(x + width, other.x + other.width) - Math.max(x, other.x) > -margin
        && Math.min(y + height, other.y + other.height) - Math.max(y, other.y) > -margin;
  }

  boolean contains(double px, double py) {
    return px > x && px < x + width && py > y && py < y + height;
  }
}
