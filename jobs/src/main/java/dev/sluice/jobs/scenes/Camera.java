package dev.sluice.jobs.scenes;

import dev.sluice.jobs.scenes.Scene.Light;

/** Lights a finished drawing, adds noise and blur, and rounds it to bytes. */
final class Camera {
  private static final int TABLE = 1 << 16;
  private static final float[] NORMAL = new float[TABLE];

  static {
    SceneRandom random = new SceneRandom(7);
    for (int i = 0; i < TABLE; i++) {
      NORMAL[i] = (float) random.gaussian();
    }
  }

  private Camera() {}

  /** The picture, uint8 [height, width, 3]; uses up the canvas. */
  static byte[] take(Canvas canvas, Light light) {
    float[] rgb = canvas.rgb();
    int width = canvas.width();
    int height = canvas.height();
    SceneRandom random = new SceneRandom(light.seed());
    double noise = light.noise() * Math.min(1.5, Math.max(1, canvas.scale()));
    for (int y = 0; y < height; y++) {
      double rowGain = light.gain() + light.slopeY() * (2 * (y + 0.5) / height - 1);
      int start = random.below(TABLE);
      int stride = 1 + 2 * random.below(64);
      for (int x = 0; x < width; x++) {
        float gain = (float) (rowGain + light.slopeX() * (2 * (x + 0.5) / width - 1));
        int i = (y * width + x) * 3;
        for (int c = 0; c < 3; c++) {
          int at = start + stride * (light.grey() ? x : 3 * x + c);
          rgb[i + c] = rgb[i + c] * gain + (float) (noise * NORMAL[at & (TABLE - 1)]);
        }
      }
    }
    double sigma = Math.min(1.6, light.blur() * canvas.scale());
    float[] sharp = sigma > 0 ? blurred(rgb, width, height, sigma) : rgb;
    byte[] out = new byte[sharp.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (byte) Math.max(0, Math.min(255, Math.round(sharp[i])));
    }
    return out;
  }

  private static float[] blurred(float[] rgb, int width, int height, double sigma) {
    int reach = (int) Math.ceil(2.2 * sigma);
    float[] kernel = new float[2 * reach + 1];
    float sum = 0;
    for (int k = -reach; k <= reach; k++) {
      kernel[k + reach] = (float) StrictMath.exp(-k * k / (2 * sigma * sigma));
      sum += kernel[k + reach];
    }
    for (int k = 0; k < kernel.length; k++) {
      kernel[k] /= sum;
    }
    float[] across = new float[rgb.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int to = (y * width + x) * 3;
        for (int k = -reach; k <= reach; k++) {
          int from = (y * width + Math.max(0, Math.min(width - 1, x + k))) * 3;
          float w = kernel[k + reach];
          across[to] += w * rgb[from];
          across[to + 1] += w * rgb[from + 1];
          across[to + 2] += w * rgb[from + 2];
        }
      }
    }
    float[] out = new float[rgb.length];
    int stride = width * 3;
    for (int y = 0; y < height; y++) {
      for (int k = -reach; k <= reach; k++) {
        int from = Math.max(0, Math.min(height - 1, y + k)) * stride;
        int to = y * stride;
        float w = kernel[k + reach];
        for (int i = 0; i < stride; i++) {
          out[to + i] += w * across[from + i];
        }
      }
    }
    return out;
  }
}
