package dev.sluice.models.weights;

import java.util.Random;

/** Weights and features that mean nothing. */
public final class RandomValues {
  private RandomValues() {}

  /** Normally distributed around zero. */
  public static float[] gaussian(Random random, int count, double deviation) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextGaussian() * deviation);
    }
    return values;
  }
}
