package dev.sluice.jobs.scenes;

import dev.sluice.jobs.scenes.Scene.Backdrop;
import dev.sluice.jobs.scenes.Scene.Form;
import dev.sluice.jobs.scenes.Scene.Item;
import dev.sluice.jobs.scenes.Scene.Light;
import dev.sluice.jobs.scenes.Scene.Paint;
import dev.sluice.jobs.scenes.Scene.Shape;
import dev.sluice.jobs.scenes.Scene.Small;
import dev.sluice.jobs.scenes.Scene.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes up a scene from a seed. Used by one thread, once. */
public final class SceneGenerator {
  private static final List<Kind> KINDS = List.of(Kind.values());
  private static final List<Colour> COLOURS = List.of(Colour.values());
  private static final List<Pattern> PATTERNS = List.of(Pattern.values());
  private static final List<Form> FORMS = List.of(Form.values());
  private static final List<SmallThing> CONTRABAND =
      List.of(SmallThing.KNIFE, SmallThing.PISTOL, SmallThing.CIGARETTES);
  private static final List<SmallThing> LOOK_ALIKES =
      List.of(SmallThing.COMB, SmallThing.LIPSTICK, SmallThing.VIAL);
  private static final List<Rgb> PAPERS =
      List.of(
          new Rgb(250, 250, 246),
          new Rgb(252, 244, 190),
          new Rgb(255, 232, 120),
          new Rgb(225, 238, 250));
  private static final List<Rgb> INKS =
      List.of(new Rgb(20, 20, 24), new Rgb(150, 16, 20), new Rgb(16, 30, 120));
  private static final List<Rgb> HANDLES =
      List.of(new Rgb(40, 30, 25), new Rgb(90, 40, 20), new Rgb(25, 25, 30));
  private static final List<Rgb> PACKS =
      List.of(new Rgb(200, 30, 30), new Rgb(30, 60, 170), new Rgb(20, 130, 60));
  private static final Rgb CREAM = new Rgb(238, 238, 234);

  private final CanvasPlan plan;
  private final SceneOptions options;
  private final SceneRandom random;
  private final boolean avoidCuts;
  private final List<Item> items = new ArrayList<>();
  private final List<Box> taken = new ArrayList<>();
  private Rgb tone = Rgb.grey(128);

  private SceneGenerator(long seed, CanvasPlan plan, SceneOptions options) {
    this.plan = plan;
    this.options = options;
    this.random = new SceneRandom(seed);
    this.avoidCuts = random.chance(options.avoidCuts());
  }

  /** The scene of a seed for pictures of a size. */
  public static Scene scene(long seed, int width, int height) {
    return scene(seed, CanvasPlan.of(width, height), SceneOptions.STANDARD);
  }

  /** The scene of a seed on a canvas. */
  public static Scene scene(long seed, CanvasPlan plan, SceneOptions options) {
    return new SceneGenerator(seed, plan, options).scene();
  }

  private Scene scene() {
    Backdrop backdrop = backdrop();
    products();
    List<Shape> distractors = distractors();
    Optional<Tag> tag = random.chance(options.tagRate()) ? tag() : Optional.empty();
    return new Scene(plan, backdrop, items, distractors, tag, smallThings(), light());
  }

  private double areaShare() {
    return plan.width() * plan.height() / 40000.0;
  }

  private Backdrop backdrop() {
    double base = random.uniform(95, 230);
    tone = Rgb.grey(base).plus(signed(38), signed(38), signed(38));
    double shift = signed(40);
    Rgb far = tone.plus(shift + signed(15), shift + signed(15), shift + signed(15));
    double angle = random.uniform(0, 2 * Math.PI);
    double cos = StrictMath.cos(angle);
    double sin = StrictMath.sin(angle);
    List<Rgb> tones = new ArrayList<>();
    for (int y = 0; y < 6; y++) {
      for (int x = 0; x < 6; x++) {
        double t = 0.5 + 0.7 * ((x / 5.0 - 0.5) * cos + (y / 5.0 - 0.5) * sin);
        double share = Math.max(0, Math.min(1, t));
        double spot = 9 * random.gaussian();
        tones.add(
            tone.plus(
                share * (far.red() - tone.red()) + spot,
                share * (far.green() - tone.green()) + spot,
                share * (far.blue() - tone.blue()) + spot));
      }
    }
    List<Shape> clutter = new ArrayList<>();
    int pieces = random.below((int) (2 + 5 * areaShare()) + 1);
    for (int i = 0; i < pieces; i++) {
      clutter.add(clutter());
    }
    return new Backdrop(tones, clutter);
  }

  private Shape clutter() {
    Rgb colour = tone.plus(signed(45), signed(45), signed(45));
    double x = random.uniform(0, plan.width());
    double y = random.uniform(0, plan.height());
    double size = random.uniform(5, 40);
    return switch (random.below(4)) {
      case 0 -> new Shape(Form.RECTANGLE, x, y, size, size * random.uniform(0.2, 1.5), 0, colour);
      case 1 -> new Shape(Form.ELLIPSE, x, y, size, size * random.uniform(0.4, 1.5), 0, colour);
      case 2 ->
          new Shape(
              Form.RECTANGLE,
              x,
              y,
              random.uniform(20, 90),
              random.uniform(1, 4),
              random.uniform(0, 180),
              colour);
      default ->
          new Shape(
              Form.RECTANGLE,
              plan.width() / 2.0,
              y,
              plan.width() * 1.2,
              random.uniform(1, 5),
              signed(2),
              colour);
    };
  }

  private double signed(double reach) {
    return random.uniform(-reach, reach);
  }

  private <T> T oneOf(List<T> choices) {
    return choices.get(random.below(choices.size()));
  }

  // ---- products

  private void products() {
    int wanted = options.minItems() + random.below(options.maxItems() - options.minItems() + 1);
    List<String> used = new ArrayList<>();
    while (wanted > 0) {
      Kind kind = oneOf(KINDS);
      Colour colour = oneOf(COLOURS);
      Pattern pattern = oneOf(PATTERNS);
      double luck = random.nextDouble();
      String group = kind + "/" + colour + "/" + pattern;
      if (!used.contains(group)) {
        used.add(group);
        int count = Math.min(wanted, luck < 0.55 ? 1 : luck < 0.82 ? 2 : luck < 0.95 ? 3 : 4);
        for (int i = 0; i < count; i++) {
          place(kind, colour, pattern);
        }
        wanted -= count;
      }
    }
  }

  private void place(Kind kind, Colour colour, Pattern pattern) {
    Stencil stencil = Silhouettes.of(kind);
    double longer = Math.max(stencil.width(), stencil.height());
    for (int attempt = 0; attempt < 40; attempt++) {
      double shrink = attempt < 12 ? 1 : 0.85;
      double size = random.uniform(40, 66) * options.itemScale() * shrink;
      double width = Math.max(8, stencil.width() * size / longer);
      double height = Math.max(8, stencil.height() * size / longer * random.uniform(0.9, 1.1));
      if (width < plan.width() - 3 && height < plan.height() - 3) {
        Box box =
            new Box(
                random.uniform(1, plan.width() - width - 1),
                random.uniform(1, plan.height() - height - 1),
                width,
                height);
        if (items.stream().noneMatch(other -> other.box().touches(box, 2))) {
          items.add(
              new Item(
                  kind,
                  colour,
                  pattern,
                  box,
                  random.chance(0.7) ? signed(12) : 0,
                  random.chance(0.5),
                  paint(colour, pattern)));
          return;
        }
      }
    }
  }

  private Paint paint(Colour colour, Pattern pattern) {
    Rgb first =
        colour
            .rgb()
            .times(random.uniform(0.9, 1.08))
            .plus(5 * random.gaussian(), 5 * random.gaussian(), 5 * random.gaussian());
    boolean light = colour == Colour.ORANGE || colour == Colour.YELLOW || colour == Colour.PINK;
    Rgb second = !light || random.chance(0.4) ? CREAM : colour.rgb().times(0.42);
    double angle = pattern == Pattern.STRIPED ? random.uniform(0, Math.PI) : signed(0.3);
    double period =
        switch (pattern) {
          case STRIPED -> random.uniform(7, 11);
          case DOTTED -> random.uniform(8.5, 12);
          case PLAIN, CHECKED -> random.uniform(4.5, 7);
        };
    return new Paint(
        first,
        second,
        angle,
        period,
        random.uniform(0, 20),
        random.uniform(0, 20),
        signed(0.12),
        signed(0.12));
  }

  // ---- small things

  /** A free place for a small thing, or empty where none was found. */
  private Optional<Box> free(double width, double height) {
    if (width > plan.width() - 4 || height > plan.height() - 4) {
      return Optional.empty();
    }
    for (int attempt = 0; attempt < 60; attempt++) {
      Box box =
          new Box(
              random.uniform(1, plan.width() - width - 1),
              random.uniform(1, plan.height() - height - 1),
              width,
              height);
      boolean cut = avoidCuts && attempt < 50 && plan.cuts(box);
      boolean hides =
          attempt < 40
              && items.stream()
                  .anyMatch(i -> i.box().area() < 10 * box.area() && i.box().touches(box, 0));
      if (!cut && !hides && taken.stream().noneMatch(t -> t.touches(box, 0))) {
        taken.add(box);
        return Optional.of(box);
      }
    }
    return Optional.empty();
  }

  private List<Shape> distractors() {
    List<Shape> all = new ArrayList<>();
    int wanted = random.below((int) (1 + 3 * areaShare()) + 1);
    for (int i = 0; i < wanted; i++) {
      double size = random.uniform(5, 12);
      Form form = oneOf(FORMS);
      Rgb colour = Rgb.random(random, 20, 250);
      free(size, size)
          .ifPresent(
              b -> all.add(new Shape(form, b.centreX(), b.centreY(), size, size, 0, colour)));
    }
    return all;
  }

  private Optional<Tag> tag() {
    int cents = random.below(10000);
    double digitHeight = random.uniform(7.5, 10);
    double gap = random.uniform(1, 2);
    double padX = random.uniform(2, 4);
    double padY = random.uniform(2, 3);
    Rgb paper = oneOf(PAPERS);
    Rgb ink = oneOf(INKS);
    return free(Tag.printWidth(digitHeight, gap) + 2 * padX, digitHeight + 2 * padY)
        .map(box -> new Tag(cents, box, padX, padY, digitHeight, gap, paper, ink));
  }

  private List<Small> smallThings() {
    List<Small> all = new ArrayList<>();
    if (random.chance(options.forbiddenRate())) {
      small(oneOf(CONTRABAND), 0.4).ifPresent(all::add);
    }
    int lookAlikes = random.chance(0.35) ? 1 + random.below(2) : 0;
    for (int i = 0; i < lookAlikes; i++) {
      small(oneOf(LOOK_ALIKES), 0.2).ifPresent(all::add);
    }
    return all;
  }

  private Optional<Small> small(SmallThing thing, double coverRate) {
    boolean longThin = thing == SmallThing.KNIFE || thing == SmallThing.COMB;
    double length = longThin ? random.uniform(15, 20) : random.uniform(13, 17);
    Rgb first =
        switch (thing) {
          case KNIFE -> Rgb.grey(random.uniform(185, 235)).plus(0, 0, 10);
          case PISTOL -> Rgb.grey(random.uniform(25, 75)).plus(0, 0, 6);
          case CIGARETTES -> oneOf(PACKS);
          case COMB, LIPSTICK, VIAL -> Rgb.random(random, 30, 235);
        };
    Rgb second = thing == SmallThing.KNIFE ? oneOf(HANDLES) : Rgb.grey(random.uniform(20, 90));
    double degrees =
        switch (thing) {
          case KNIFE, COMB -> random.uniform(0, 360);
          default -> signed(35);
        };
    boolean flipped = random.chance(0.5);
    boolean covered = random.chance(coverRate);
    double side = random.uniform(0, 2 * Math.PI);
    double visible = random.uniform(0.1, 0.3) * length;
    Rgb cover =
        random.chance(0.5)
            ? tone.plus(signed(40), signed(40), signed(40))
            : Rgb.random(random, 30, 230);
    return free(length, length)
        .map(
            box -> {
              double reach = length * 0.5 + visible;
              Shape over =
                  new Shape(
                      random.chance(0.5) ? Form.RECTANGLE : Form.ELLIPSE,
                      box.centreX() + reach * StrictMath.cos(side),
                      box.centreY() + reach * StrictMath.sin(side),
                      length * 0.9,
                      length * 0.9,
                      random.uniform(0, 90),
                      cover);
              return new Small(
                  thing,
                  box.centreX(),
                  box.centreY(),
                  length,
                  degrees,
                  flipped,
                  first,
                  second,
                  covered ? Optional.of(over) : Optional.empty());
            });
  }

  private Light light() {
    return new Light(
        random.uniform(0.86, 1.08),
        signed(0.12),
        signed(0.12),
        random.uniform(0, 6),
        random.chance(0.5),
        random.chance(0.5) ? random.uniform(0.2, 0.55) : 0,
        random.chance(0.75) ? 60 + random.below(36) : 0,
        random.nextLong());
  }
}
