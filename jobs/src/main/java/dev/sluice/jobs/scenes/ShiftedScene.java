package dev.sluice.jobs.scenes;

import dev.sluice.jobs.scenes.Scene.Backdrop;
import dev.sluice.jobs.scenes.Scene.Form;
import dev.sluice.jobs.scenes.Scene.Light;
import dev.sluice.jobs.scenes.Scene.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Puts a scene before tiles, planks or a lattice, where training knows slow gradients with clutter,
 * and codes it at qualities from 25 to 54, where training knows 60 and more. Used by one thread,
 * once.
 */
final class ShiftedScene {
  private static final long SALT = 0x73686966;
  private static final int LOWEST_QUALITY = 25;
  private static final int QUALITIES = 30;

  private final SceneRandom random;
  private final CanvasPlan plan;
  private final Rgb tone;

  private ShiftedScene(SceneRandom random, CanvasPlan plan) {
    this.random = random;
    this.plan = plan;
    this.tone = Rgb.grey(random.uniform(110, 215)).plus(signed(25), signed(25), signed(25));
  }

  /** The same products, tag and small things, elsewhere. */
  static Scene of(Scene scene, long seed) {
    SceneRandom random = new SceneRandom(SceneRandom.mix(seed, SALT));
    ShiftedScene shifted = new ShiftedScene(random, scene.plan());
    return new Scene(
        scene.plan(),
        shifted.backdrop(),
        scene.items(),
        scene.distractors(),
        scene.tag(),
        scene.small(),
        shifted.coded(scene.light()));
  }

  private Backdrop backdrop() {
    List<Shape> surface =
        switch (random.below(3)) {
          case 0 -> tiles();
          case 1 -> planks();
          default -> lattice();
        };
    return new Backdrop(Collections.nCopies(36, tone), surface);
  }

  private List<Shape> tiles() {
    double side = random.uniform(16, 32);
    Rgb other = shade(random.uniform(12, 24));
    List<Shape> tiles = new ArrayList<>();
    for (int row = 0; row * side < plan.height(); row++) {
      for (int column = row % 2; column * side < plan.width(); column += 2) {
        double x = (column + 0.5) * side;
        double y = (row + 0.5) * side;
        tiles.add(new Shape(Form.RECTANGLE, x, y, side, side, 0, other));
      }
    }
    return tiles;
  }

  private List<Shape> planks() {
    double height = random.uniform(14, 30);
    Rgb joint = shade(-40);
    List<Shape> planks = new ArrayList<>();
    for (double y = 0; y < plan.height(); y += height) {
      planks.add(bar(y + height / 2, height, shade(signed(18))));
      planks.add(bar(y, 1.2, joint));
    }
    return planks;
  }

  private Shape bar(double y, double height, Rgb colour) {
    return new Shape(Form.RECTANGLE, plan.width() / 2.0, y, plan.width() * 1.02, height, 0, colour);
  }

  private List<Shape> lattice() {
    double step = random.uniform(14, 28);
    double width = random.uniform(1, 3);
    Rgb colour = shade(random.chance(0.5) ? 30 : -30);
    double reach = plan.width() + plan.height();
    List<Shape> lines = new ArrayList<>();
    for (double x = -plan.height(); x < reach; x += step) {
      for (int degrees : new int[] {45, -45}) {
        lines.add(new Shape(Form.RECTANGLE, x, plan.height() / 2.0, reach, width, degrees, colour));
      }
    }
    return lines;
  }

  private Light coded(Light light) {
    return new Light(
        light.gain(),
        light.slopeX(),
        light.slopeY(),
        light.noise(),
        light.grey(),
        light.blur(),
        LOWEST_QUALITY + random.below(QUALITIES),
        light.seed());
  }

  private Rgb shade(double by) {
    return tone.plus(by, by, by);
  }

  private double signed(double reach) {
    return random.uniform(-reach, reach);
  }
}
