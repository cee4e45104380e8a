package dev.sluice.jobs.scenes;

import java.util.ArrayList;
import java.util.List;

/**
 * A small picture with coverage, kept at several sizes so that it can be drawn at any size without
 * jags. One channel (coverage) or four (coverage, then colour already multiplied by it). Immutable.
 */
final class Stencil {
  private static final class Level {
    private final int width;
    private final int height;
    private final float[][] channels;

    Level(int width, int height, float[][] channels) {
      this.width = width;
      this.height = height;
      this.channels = channels;
    }
  }

  private final List<Level> levels;

  private Stencil(Level finest) {
    List<Level> all = new ArrayList<>(List.of(finest));
    Level level = finest;
    while (Math.min(level.width, level.height) > 8) {
      level = halved(level);
      all.add(level);
    }
    this.levels = List.copyOf(all);
  }

  int width() {
    return levels.get(0).width;
  }

  int height() {
    return levels.get(0).height;
  }

  /** The outline on a board of 100 x 100, cut to what it fills. */
  static Stencil of(Outline outline, int size) {
    float[] board = new float[size * size];
    int left = size;
    int right = -1;
    int top = size;
    int bottom = -1;
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        int hits = 0;
        for (int sub = 0; sub < 4; sub++) {
          double px = (x + 0.25 + 0.5 * (sub & 1)) * 100 / size;
          double py = (y + 0.25 + 0.5 * (sub >> 1)) * 100 / size;
          hits += outline.holds(px, py) ? 1 : 0;
        }
        board[y * size + x] = hits / 4f;
        if (hits > 0) {
          left = Math.min(left, x);
          right = Math.max(right, x);
          top = Math.min(top, y);
          bottom = Math.max(bottom, y);
        }
      }
    }
    int width = right - left + 1;
    int height = bottom - top + 1;
    float[] cut = new float[width * height];
    for (int y = 0; y < height; y++) {
      System.arraycopy(board, (y + top) * size + left, cut, y * width, width);
    }
    return new Stencil(new Level(width, height, new float[][] {cut}));
  }

  /** Painted layers on a board of 64 x 64; later layers cover earlier ones. */
  static Stencil painted(List<Layer> layers) {
    int size = 64;
    float[][] channels = new float[4][size * size];
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        for (Layer layer : layers) {
          if (layer.outline.holds(x + 0.5, y + 0.5)) {
            int i = y * size + x;
            channels[0][i] = 1;
            channels[1][i] = layer.colour.red();
            channels[2][i] = layer.colour.green();
            channels[3][i] = layer.colour.blue();
          }
        }
      }
    }
    return new Stencil(new Level(size, size, channels));
  }

  /** An outline in one colour. */
  record Layer(Outline outline, Rgb colour) {}

  private static Level halved(Level fine) {
    int width = (fine.width + 1) / 2;
    int height = (fine.height + 1) / 2;
    float[][] channels = new float[fine.channels.length][width * height];
    for (int c = 0; c < channels.length; c++) {
      float[] from = fine.channels[c];
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          float sum = 0;
          for (int sub = 0; sub < 4; sub++) {
            int fx = 2 * x + (sub & 1);
            int fy = 2 * y + (sub >> 1);
            sum += fx < fine.width && fy < fine.height ? from[fy * fine.width + fx] : 0;
          }
          channels[c][y * width + x] = sum / 4;
        }
      }
    }
    return new Level(width, height, channels);
  }

  /** The level to draw from when the stencil becomes this many pixels wide. */
  int level(double pixelsWide) {
    int level = 0;
    double texels = width() / pixelsWide;
    while (texels >= 2 && level < levels.size() - 1) {
      texels /= 2;
      level++;
    }
    return level;
  }

  /** The channel at (u, v) in 0..1 across the stencil; 0 outside. */
  float sample(int level, int channel, double u, double v) {
    Level l = levels.get(level);
    // A halved odd side is half a texel longer than its content.
    double x = u * width() / (1 << level) - 0.5;
    double y = v * height() / (1 << level) - 0.5;
    int x0 = (int) Math.floor(x);
    int y0 = (int) Math.floor(y);
    if (x0 < -1 || y0 < -1 || x0 >= l.width || y0 >= l.height) {
      return 0;
    }
    float fx = (float) (x - x0);
    float fy = (float) (y - y0);
    float[] data = l.channels[channel];
    float top = texel(l, data, x0, y0) * (1 - fx) + texel(l, data, x0 + 1, y0) * fx;
    float low = texel(l, data, x0, y0 + 1) * (1 - fx) + texel(l, data, x0 + 1, y0 + 1) * fx;
    return top * (1 - fy) + low * fy;
  }

  private static float texel(Level level, float[] data, int x, int y) {
    boolean inside = x >= 0 && y >= 0 && x < level.width && y < level.height;
    return inside ? data[y * level.width + x] : 0;
  }
}
