package dev.sluice.jobs.scenes;

/**
 * A stream of random numbers that is the same on every JDK (SplitMix64, with our own reductions).
 * Used by one thread.
 */
final class SceneRandom {
  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  SceneRandom(long seed) {
    this.state = seed;
  }

  /** A seed for another stream: the same seed and salt give the same stream. */
  static long mix(long seed, long salt) {
    return finish(finish(seed + GAMMA) ^ (salt * GAMMA));
  }

  private static long finish(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  long nextLong() {
    state += GAMMA;
    return finish(state);
  }

  /** Uniform in [0, 1). */
  double nextDouble() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }

  double uniform(double from, double to) {
    return from + (to - from) * nextDouble();
  }

  /** Uniform in 0..bound-1. */
  int below(int bound) {
    return (int) (nextDouble() * bound);
  }

  boolean chance(double probability) {
    return nextDouble() < probability;
  }

  double gaussian() {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - nextDouble()));
    return radius * StrictMath.cos(2 * StrictMath.PI * nextDouble());
  }
}
