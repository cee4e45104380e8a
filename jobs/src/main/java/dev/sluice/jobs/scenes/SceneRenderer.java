package dev.sluice.jobs.scenes;

import dev.sluice.jobs.scenes.Scene.Backdrop;
import dev.sluice.jobs.scenes.Scene.Item;
import dev.sluice.jobs.scenes.Scene.Light;
import dev.sluice.jobs.scenes.Scene.Paint;
import dev.sluice.jobs.scenes.Scene.Shape;
import dev.sluice.jobs.scenes.Scene.Small;
import dev.sluice.jobs.scenes.Scene.Tag;

/** Draws a scene at a size. Used by one thread, once. */
public final class SceneRenderer {
  private static final double BORDER = 0.6;
  private static final double SHADOW = 0.45;

  private final Scene scene;
  private final Canvas canvas;

  private SceneRenderer(Scene scene, int width, int height) {
    this.scene = scene;
    this.canvas = new Canvas(scene.plan(), width, height);
  }

  /** The picture, uint8 [height, width, 3]. */
  public static byte[] render(Scene scene, int width, int height) {
    return new SceneRenderer(scene, width, height).draw();
  }

  private byte[] draw() {
    backdrop(scene.backdrop());
    scene.items().forEach(this::item);
    scene.distractors().forEach(canvas::paint);
    scene.tag().ifPresent(this::tag);
    scene.small().forEach(this::small);
    Light light = scene.light();
    return Camera.take(canvas, light);
  }

  private void backdrop(Backdrop backdrop) {
    int width = canvas.width();
    int height = canvas.height();
    Upsampling columns = Upsampling.of(6, width);
    Upsampling rows = Upsampling.of(6, height);
    float[] rgb = canvas.rgb();
    float[] row = new float[18];
    for (int y = 0; y < height; y++) {
      for (int c = 0; c < 6; c++) {
        float red = 0;
        float green = 0;
        float blue = 0;
        for (int k = 0; k < 4; k++) {
          Rgb tone = backdrop.tones().get(rows.index(y, k) * 6 + c);
          float w = rows.weight(y, k);
          red += w * tone.red();
          green += w * tone.green();
          blue += w * tone.blue();
        }
        row[c * 3] = red;
        row[c * 3 + 1] = green;
        row[c * 3 + 2] = blue;
      }
      for (int x = 0; x < width; x++) {
        int at = (y * width + x) * 3;
        for (int k = 0; k < 4; k++) {
          int from = columns.index(x, k) * 3;
          float w = columns.weight(x, k);
          rgb[at] += w * row[from];
          rgb[at + 1] += w * row[from + 1];
          rgb[at + 2] += w * row[from + 2];
        }
      }
    }
    for (Shape shape : backdrop.clutter()) {
      canvas.paint(shape);
    }
  }

  private void item(Item item) {
    Stencil stencil = Silhouettes.of(item.kind());
    Box box = item.box();
    Box shadow = new Box(box.x() + 2, box.y() + 2, box.width(), box.height());
    canvas.paint(stencil, shadow, item.degrees(), item.flipped(), new Shadow());
    canvas.paint(stencil, box, item.degrees(), item.flipped(), new Fabric(item, canvas.scale()));
  }

  private static final class Shadow implements Canvas.Body {
    @Override
    public float opacity() {
      return 0.85f;
    }

    @Override
    public void colour(int level, double x, double y, double u, double v, float[] out) {
      out[0] *= (float) (1 - SHADOW);
      out[1] *= (float) (1 - SHADOW);
      out[2] *= (float) (1 - SHADOW);
    }
  }

  /** The surface of a product: two colours by a pattern, shaded. */
  private static final class Fabric implements Canvas.Body {
    private final Item item;
    private final Weave weave;
    private final double step;

    Fabric(Item item, double pixelsPerUnit) {
      this.item = item;
      this.weave = Weave.of(item.pattern(), item.paint());
      this.step = pixelsPerUnit < 2 ? 0.25 / pixelsPerUnit : 0;
    }

    @Override
    public void colour(int level, double x, double y, double u, double v, float[] out) {
      Paint paint = item.paint();
      float share = item.pattern() == Pattern.PLAIN ? 0 : share(x, y);
      float shade =
          (float)
              (1
                  + paint.shadeX() * 2 * x / item.box().width()
                  + paint.shadeY() * 2 * y / item.box().height());
      Rgb a = paint.first();
      Rgb b = paint.second();
      out[0] = (a.red() + (b.red() - a.red()) * share) * shade;
      out[1] = (a.green() + (b.green() - a.green()) * share) * shade;
      out[2] = (a.blue() + (b.blue() - a.blue()) * share) * shade;
    }

    /** How much of the second colour is in a pixel. */
    private float share(double x, double y) {
      if (step == 0) {
        return weave.second(x, y) ? 1 : 0;
      }
      int hits = 0;
      for (int sub = 0; sub < 4; sub++) {
        boolean hit =
            weave.second(x + ((sub & 1) == 0 ? -step : step), y + (sub < 2 ? -step : step));
        hits += hit ? 1 : 0;
      }
      return hits / 4f;
    }
  }

  private void tag(Tag tag) {
    Box box = tag.box();
    int subs = canvas.scale() < 1.5 ? 4 : canvas.scale() < 3 ? 3 : 2;
    double unit = 1 / canvas.scale();
    canvas.paint(
        box,
        (x, y) -> box.contains(x, y) ? 1 : 0,
        (x, y, out) -> {
          double edge =
              Math.min(
                  Math.min(x - box.x(), box.x() + box.width() - x),
                  Math.min(y - box.y(), box.y() + box.height() - y));
          float paper = edge < 1 ? (float) BORDER : 1;
          float ink = 0;
          for (int sy = 0; sy < subs; sy++) {
            for (int sx = 0; sx < subs; sx++) {
              double px = x + ((sx + 0.5) / subs - 0.5) * unit;
              double py = y + ((sy + 0.5) / subs - 0.5) * unit;
              ink += printed(tag, px, py) ? 1 : 0;
            }
          }
          ink /= subs * subs;
          out[0] = paper * tag.paper().red() * (1 - ink) + tag.ink().red() * ink;
          out[1] = paper * tag.paper().green() * (1 - ink) + tag.ink().green() * ink;
          out[2] = paper * tag.paper().blue() * (1 - ink) + tag.ink().blue() * ink;
        });
  }

  private static boolean printed(Tag tag, double x, double y) {
    double v = (y - tag.digitY()) / tag.digitHeight();
    if (v < 0 || v >= 1) {
      return false;
    }
    for (int place = 0; place < 4; place++) {
      double u = (x - tag.digitX(place)) / tag.digitWidth();
      if (u >= 0 && u < 1) {
        return Glyphs.ink(tag.digit(place), u, v);
      }
    }
    double middle = (tag.digitX(1) + tag.digitWidth() + tag.digitX(2)) / 2;
    return v >= 5.4 / 7 && Math.abs(x - middle) < tag.digitHeight() * 0.8 / 7;
  }

  private void small(Small small) {
    Stencil stencil = Silhouettes.of(small.thing(), small.first(), small.second());
    double side = small.length() * 64 / 62;
    Box box = new Box(small.x() - side / 2, small.y() - side / 2, side, side);
    canvas.paint(
        stencil,
        box,
        small.degrees(),
        small.flipped(),
        (level, x, y, u, v, out) -> {
          float alpha = Math.max(1e-3f, stencil.sample(level, 0, u, v));
          out[0] = stencil.sample(level, 1, u, v) / alpha;
          out[1] = stencil.sample(level, 2, u, v) / alpha;
          out[2] = stencil.sample(level, 3, u, v) / alpha;
        });
    small.cover().ifPresent(canvas::paint);
  }
}
