package dev.sluice.jobs.scenes;

import static dev.sluice.jobs.scenes.Outline.ellipse;
import static dev.sluice.jobs.scenes.Outline.polygon;
import static dev.sluice.jobs.scenes.Outline.rectangle;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The shapes of the products and of the small things. Immutable. */
final class Silhouettes {
  private static final int SIZE = 192;
  private static final Map<Kind, Stencil> PRODUCTS = new EnumMap<>(Kind.class);

  static {
    for (Kind kind : Kind.values()) {
      PRODUCTS.put(kind, Stencil.of(outline(kind), SIZE));
    }
  }

  private Silhouettes() {}

  static Stencil of(Kind kind) {
    Stencil stencil = PRODUCTS.get(kind);
    if (stencil == null) {
      throw new IllegalStateException("no silhouette for " + kind);
    }
    return stencil;
  }

  private static Outline outline(Kind kind) {
    return switch (kind) {
      case MUG ->
          ellipse(58, 28, 98, 76).without(ellipse(68, 39, 88, 65)).and(rectangle(12, 15, 72, 90));
      case BOTTLE ->
          rectangle(41, 2, 59, 30)
              .and(polygon(41, 28, 59, 28, 72, 44, 28, 44))
              .and(rectangle(28, 43, 72, 98));
      case CHAIR ->
          rectangle(20, 4, 34, 98)
              .and(rectangle(20, 52, 84, 66))
              .and(rectangle(70, 60, 84, 98))
              .and(rectangle(20, 4, 50, 12))
              .and(rectangle(34, 28, 50, 36));
      case LAMP ->
          polygon(34, 4, 66, 4, 88, 48, 12, 48)
              .and(rectangle(46, 48, 54, 88))
              .and(rectangle(26, 86, 74, 97));
      case SHOE -> polygon(6, 30, 34, 26, 44, 48, 76, 58, 96, 70, 96, 86, 6, 86);
      case HAT ->
          ellipse(24, 20, 76, 92).without(rectangle(0, 66, 100, 100)).and(rectangle(2, 60, 98, 74));
      case BAG ->
          ellipse(26, 4, 74, 64)
              .without(ellipse(36, 14, 64, 60))
              .and(polygon(12, 38, 88, 38, 96, 98, 4, 98));
      case CLOCK ->
          ellipse(6, 6, 94, 94)
              .without(rectangle(47, 20, 53, 52))
              .without(rectangle(47, 47, 74, 53));
      case SHIRT ->
          polygon(
              30, 8, 42, 14, 58, 14, 70, 8, 98, 30, 86, 48, 74, 40, 74, 96, 26, 96, 26, 40, 14, 48,
              2, 30);
      case UMBRELLA ->
          ellipse(4, 6, 96, 98)
              .without(rectangle(0, 52, 100, 100))
              .and(rectangle(47, 50, 53, 92))
              .and(rectangle(47, 88, 70, 94))
              .and(rectangle(64, 80, 70, 94));
      case KETTLE ->
          ellipse(22, 34, 84, 100)
              .and(rectangle(22, 66, 84, 96))
              .and(polygon(30, 60, 2, 44, 8, 36, 34, 50))
              .and(ellipse(30, 4, 76, 60))
              .without(ellipse(38, 13, 68, 52))
              .and(ellipse(36, 30, 70, 60));
      case BOOK ->
          polygon(4, 18, 48, 28, 48, 94, 4, 84).and(polygon(96, 18, 52, 28, 52, 94, 96, 84));
    };
  }

  /** A small thing in its colours. */
  static Stencil of(SmallThing thing, Rgb first, Rgb second) {
    Rgb dark = Rgb.grey(55);
    Rgb white = new Rgb(245, 245, 240);
    return Stencil.painted(
        switch (thing) {
          case KNIFE ->
              List.of(
                  layer(polygon(0, 24, 41, 24, 41, 41, 11.5, 41), dark),
                  layer(polygon(2, 25.2, 40, 25.2, 40, 39.8, 12.5, 39.8), first),
                  layer(rectangle(40, 25, 63, 38), second));
          case PISTOL ->
              List.of(
                  layer(ellipse(26, 26, 44, 44).without(ellipse(30, 30, 40, 40)), first),
                  layer(rectangle(2, 16, 62, 30), first),
                  layer(polygon(40, 28, 60, 28, 63, 58, 46, 58), first));
          case CIGARETTES ->
              List.of(
                  layer(rectangle(12, 2, 52, 62), Rgb.grey(70)),
                  layer(rectangle(14, 4, 50, 60), white),
                  layer(rectangle(12, 2, 52, 24), first),
                  layer(rectangle(24, 36, 40, 48), first));
          case COMB ->
              List.of(
                  layer(rectangle(2, 18, 62, 28), first),
                  layer(
                      (x, y) -> y >= 28 && y <= 45 && x >= 2 && x <= 62 && (x - 2) % 7.5 < 4,
                      first));
          case LIPSTICK ->
              List.of(
                  layer(rectangle(23, 34, 41, 62), second),
                  layer(rectangle(25, 26, 39, 34), new Rgb(214, 178, 84)),
                  layer(polygon(27, 26, 27, 10, 37, 3, 37, 26), first));
          case VIAL ->
              List.of(
                  layer(rectangle(19, 22, 45, 62), first),
                  layer(rectangle(27, 12, 37, 22), first),
                  layer(rectangle(25, 2, 39, 12), second),
                  layer(rectangle(21, 36, 43, 50), white));
        });
  }

  private static Stencil.Layer layer(Outline outline, Rgb colour) {
    return new Stencil.Layer(outline, colour);
  }
}
