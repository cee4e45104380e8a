package dev.sluice.benchmarks;

import dev.sluice.benchmarks.faults.Fault;
import dev.sluice.benchmarks.faults.FaultRig;
import dev.sluice.benchmarks.faults.Feed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * Lets many things go wrong at random moments while events pass both jobs on a cluster of separate
 * JVMs, and counts what is lost and what comes twice. Used by one thread.
 */
public final class Faults {
  /**
   * The last fault comes before this share of the results, so that there is something to recover.
   */
  private static final double STRUCK_SHARE = 0.9;

  private Faults() {}

  /**
   * @param args how many faults (default 30), how many events (20,000), how many per second (40), a
   *     seed (1)
   */
  public static void main(String[] args) throws Exception {
    int faults = argument(args, 0, 30);
    Feed.Load load = new Feed.Load(argument(args, 1, 20_000), argument(args, 2, 40));
    Random random = new Random(argument(args, 3, 1));
    Path folder = Files.createTempDirectory("sluice-faults-");
    System.out.println("logs are in " + folder);
    Map<Fault, List<Duration>> recoveries = new EnumMap<>(Fault.class);
    Deque<Fault> round = new ArrayDeque<>();
    long start = System.nanoTime();
    FaultRig.Balance balance;
    try (FaultRig rig = FaultRig.start(folder, load)) {
      for (int i = 0; i < faults; i++) {
        rig.awaitDone(moment(i, faults, load.events(), random));
        Fault fault = next(round, rig, random);
        Duration recovery = rig.strike(fault, random);
        recoveries.computeIfAbsent(fault, absent -> new ArrayList<>()).add(recovery);
        System.out.printf(
            Locale.ROOT,
            "%3d %-18s %6.1f s, %d events done%n",
            i + 1,
            fault,
            seconds(recovery),
            rig.done());
      }
      rig.awaitSent();
      balance = rig.settle();
    }
    recoveries.forEach(Faults::print);
    print("all", recoveries.values().stream().flatMap(List::stream).toList());
    System.out.printf(
        Locale.ROOT,
        "%s in %.0f s%n",
        balance,
        seconds(Duration.ofNanos(System.nanoTime() - start)));
    if (balance.lost() > 0 || balance.twice() > 0) {
      System.exit(1);
    }
  }

  /** After how many results the fault comes: somewhere in its share of the run. */
  private static int moment(int fault, int faults, int events, Random random) {
    return (int) ((fault + random.nextDouble()) * STRUCK_SHARE * events / faults) + 1;
  }

  /** Each kind that can happen in turn, in a new order each round. */
  private static Fault next(Deque<Fault> round, FaultRig rig, Random random) {
    round.removeIf(fault -> !rig.allows(fault));
    if (round.isEmpty()) {
      List<Fault> kinds =
          new ArrayList<>(Arrays.stream(Fault.values()).filter(rig::allows).toList());
      Collections.shuffle(kinds, random);
      round.addAll(kinds);
    }
    return round.remove();
  }

  private static void print(Object name, List<Duration> recoveries) {
    List<Duration> sorted = recoveries.stream().sorted().toList();
    System.out.printf(
        Locale.ROOT,
        "%-18s %2d times, median %.1f s, worst %.1f s%n",
        name,
        sorted.size(),
        seconds(sorted.get(sorted.size() / 2)),
        seconds(sorted.get(sorted.size() - 1)));
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }

  private static int argument(String[] args, int index, int fallback) {
    return args.length > index ? Integer.parseInt(args[index]) : fallback;
  }
}
