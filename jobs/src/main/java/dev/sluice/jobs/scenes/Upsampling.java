package dev.sluice.jobs.scenes;

/** Cubic interpolation weights of one axis, edges repeated. Immutable. */
final class Upsampling {
  private final int[] indices;
  private final float[] weights;

  private Upsampling(int[] indices, float[] weights) {
    this.indices = indices;
    this.weights = weights;
  }

  static Upsampling of(int from, int to) {
    int[] indices = new int[4 * to];
    float[] weights = new float[4 * to];
    for (int i = 0; i < to; i++) {
      double at = (i + 0.5) * from / to - 0.5;
      int first = (int) Math.floor(at);
      double t = at - first;
      double[] w = {
        ((-0.5 * t + 1) * t - 0.5) * t,
        (1.5 * t - 2.5) * t * t + 1,
        ((-1.5 * t + 2) * t + 0.5) * t,
        (0.5 * t - 0.5) * t * t
      };
      for (int k = 0; k < 4; k++) {
        indices[4 * i + k] = Math.max(0, Math.min(from - 1, first - 1 + k));
        weights[4 * i + k] = (float) w[k];
      }
    }
    return new Upsampling(indices, weights);
  }

  int index(int at, int tap) {
    return indices[4 * at + tap];
  }

  float weight(int at, int tap) {
    return weights[4 * at + tap];
  }
}
