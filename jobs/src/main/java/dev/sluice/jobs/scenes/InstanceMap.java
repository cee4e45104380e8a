package dev.sluice.jobs.scenes;

import dev.sluice.jobs.scenes.Scene.Item;

/** Which product covers each canvas unit, for training: uint8 [height, width], 0 for none. */
final class InstanceMap {
  private InstanceMap() {}

  static byte[] of(Scene scene) {
    int width = scene.plan().width();
    int height = scene.plan().height();
    byte[] map = new byte[width * height];
    int number = 0;
    for (Item item : scene.items()) {
      number++;
      mark(map, width, height, item, (byte) number);
    }
    return map;
  }

  private static void mark(byte[] map, int width, int height, Item item, byte number) {
    Stencil stencil = Silhouettes.of(item.kind());
    Box box = item.box();
    double cos = StrictMath.cos(StrictMath.toRadians(item.degrees()));
    double sin = StrictMath.sin(StrictMath.toRadians(item.degrees()));
    double reach = Math.hypot(box.width(), box.height()) / 2;
    int level = stencil.level(box.width());
    for (int y = (int) Math.max(0, box.centreY() - reach);
        y < Math.min(height, box.centreY() + reach);
        y++) {
      for (int x = (int) Math.max(0, box.centreX() - reach);
          x < Math.min(width, box.centreX() + reach);
          x++) {
        double dx = x + 0.5 - box.centreX();
        double dy = y + 0.5 - box.centreY();
        double u = (dx * cos + dy * sin) / box.width() + 0.5;
        double v = (dy * cos - dx * sin) / box.height() + 0.5;
        if (stencil.sample(level, 0, item.flipped() ? 1 - u : u, v) > 0.5f) {
          map[y * width + x] = number;
        }
      }
    }
  }
}
