package dev.sluice.benchmarks;

import dev.sluice.benchmarks.repeats.RepeatsRun;
import dev.sluice.benchmarks.repeats.RepeatsRun.Report;

/**
 * Sends events of which many repeat an earlier picture through Kafka and the captioning job, with
 * the cache of results on, and counts what was computed. Used by one thread.
 */
public final class Repeats {
  private static final int EVENTS = 10_000;
  private static final int REPEATS_PERCENT = 60;

  private Repeats() {}

  /**
   * @param args how many events (default 10,000), how many of a hundred repeat (60)
   */
  public static void main(String[] args) throws Exception {
    int events = argument(args, 0, EVENTS);
    int percent = argument(args, 1, REPEATS_PERCENT);
    Report report = RepeatsRun.run(events, events - events * percent / 100);
    System.out.println(report);
    if (!report.holds()) {
      System.exit(1);
    }
  }

  private static int argument(String[] args, int index, int fallback) {
    return args.length > index ? Integer.parseInt(args[index]) : fallback;
  }
}
