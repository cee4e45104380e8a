package dev.sluice.jobs.bench;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/** How long each pass of the same work took, in seconds. Immutable. */
final class Passes {
  private final double[] seconds;

  private Passes(double[] seconds) {
    this.seconds = seconds;
    Arrays.sort(seconds);
  }

  static Passes of(DoubleStream seconds) {
    return new Passes(seconds.toArray());
  }

  /** Work that can fail as reading a picture can. */
  @FunctionalInterface
  interface Work {
    void run() throws Exception;
  }

  /** Runs the work once for warmth, then as often as asked. */
  static Passes run(int repeats, Work work) throws Exception {
    seconds(work);
    double[] seconds = new double[repeats];
    for (int i = 0; i < repeats; i++) {
      seconds[i] = seconds(work);
    }
    return new Passes(seconds);
  }

  static double seconds(Work work) throws Exception {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }

  /** The middle one, or the mean of the middle two. */
  double median() {
    return (seconds[(seconds.length - 1) / 2] + seconds[seconds.length / 2]) / 2;
  }

  double best() {
    return seconds[0];
  }
}
