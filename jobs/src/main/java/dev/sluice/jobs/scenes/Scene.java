package dev.sluice.jobs.scenes;

import java.util.List;
import java.util.Optional;

/**
 * A catalogue scene as a description, in units of the refined canvas; {@link SceneRenderer} draws
 * it at any size. Immutable.
 *
 * @param plan the canvas and its cuts
 * @param backdrop what is behind everything
 * @param items the products, in the order in which they are drawn
 * @param distractors small shapes that mean nothing
 * @param tag the price tag
 * @param small the forbidden item and the look-alikes, in the order in which they are drawn
 * @param light how the whole is lit, blurred and coded
 */
public record Scene(
    CanvasPlan plan,
    Backdrop backdrop,
    List<Item> items,
    List<Shape> distractors,
    Optional<Tag> tag,
    List<Small> small,
    Light light) {

  public Scene {
    items = List.copyOf(items);
    distractors = List.copyOf(distractors);
    small = List.copyOf(small);
  }

  /** The forbidden kind in the scene, or NONE. */
  public Forbidden forbidden() {
    return small.stream()
        .map(s -> s.thing().forbidden())
        .filter(f -> f != Forbidden.NONE)
        .findFirst()
        .orElse(Forbidden.NONE);
  }

  /**
   * A product.
   *
   * @param box where it is before it is turned
   * @param degrees turned about its centre
   * @param flipped mirrored left to right
   * @param paint its colours
   */
  public record Item(
      Kind kind,
      Colour colour,
      Pattern pattern,
      Box box,
      double degrees,
      boolean flipped,
      Paint paint) {}

  /**
   * The colours of a product.
   *
   * @param second the pattern's colour
   * @param angle of the pattern, radians
   * @param period of the pattern, canvas units
   * @param phaseX where the pattern starts
   * @param phaseY where the pattern starts
   * @param shadeX lighter to the right by this share
   * @param shadeY lighter below by this share
   */
  public record Paint(
      Rgb first,
      Rgb second,
      double angle,
      double period,
      double phaseX,
      double phaseY,
      double shadeX,
      double shadeY) {}

  /**
   * A price tag: four digits with a point in the middle.
   *
   * @param cents 0..9999
   * @param digitHeight canvas units
   */
  public record Tag(
      int cents,
      Box box,
      double padX,
      double padY,
      double digitHeight,
      double gap,
      Rgb paper,
      Rgb ink) {
    static final double POINT = 0.34;

    /** The digit at a place, 0..3 from the left. */
    int digit(int place) {
      return switch (place) {
        case 0 -> cents / 1000;
        case 1 -> cents / 100 % 10;
        case 2 -> cents / 10 % 10;
        default -> cents % 10;
      };
    }

    double digitWidth() {
      return digitHeight * 5 / 7;
    }

    /** The left edge of a digit. */
    double digitX(int place) {
      double point = place < 2 ? 0 : digitHeight * POINT;
      return box.x() + padX + place * (digitWidth() + gap) + point;
    }

    double digitY() {
      return box.y() + padY;
    }

    /** The width of the printed digits. */
    static double printWidth(double digitHeight, double gap) {
      return 4 * digitHeight * 5 / 7 + 3 * gap + digitHeight * POINT;
    }
  }

  /**
   * A small thing: forbidden, or something that looks a little like it.
   *
   * @param length of its longer side, canvas units
   * @param cover a shape drawn over a part of it
   */
  public record Small(
      SmallThing thing,
      double x,
      double y,
      double length,
      double degrees,
      boolean flipped,
      Rgb first,
      Rgb second,
      Optional<Shape> cover) {
    /** A box that holds it however it is turned. */
    Box box() {
      return new Box(x - length / 2, y - length / 2, length, length);
    }
  }

  /** The geometry of a plain shape. */
  public enum Form {
    RECTANGLE,
    ELLIPSE,
    PLUS,
    BARS
  }

  /** A plain shape about a centre, turned. */
  public record Shape(
      Form form, double x, double y, double width, double height, double degrees, Rgb colour) {}

  /**
   * The background: a slow gradient of 6 x 6 tones, and clutter on it.
   *
   * @param tones 36 colours, row by row
   */
  public record Backdrop(List<Rgb> tones, List<Shape> clutter) {
    public Backdrop {
      tones = List.copyOf(tones);
      clutter = List.copyOf(clutter);
    }
  }

  /**
   * The camera.
   *
   * @param gain of the whole
   * @param slopeX lighter to the right by this share
   * @param slopeY lighter below by this share
   * @param noise standard deviation, of 255
   * @param grey the noise has no colour
   * @param blur standard deviation in canvas units, 0 for none
   * @param quality of JPEG, 0 where none is wanted
   * @param seed of the noise
   */
  public record Light(
      double gain,
      double slopeX,
      double slopeY,
      double noise,
      boolean grey,
      double blur,
      int quality,
      long seed) {}
}
