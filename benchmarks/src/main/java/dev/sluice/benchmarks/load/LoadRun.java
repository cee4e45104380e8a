package dev.sluice.benchmarks.load;

import dev.sluice.benchmarks.cluster.FlinkRest;
import dev.sluice.benchmarks.cluster.FlinkRest.Checkpoint;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts a job through a plan: warm, idle, at capacity, under load, drained, at half its capacity.
 * Used by one thread.
 */
public final class LoadRun {
  private static final int WARM_UP_EVENTS = 24;

  /** Enough that the source is never without. */
  private static final int MIN_BACKLOG = 100;

  private static final int BACKLOG_SECONDS = 10;
  private static final Duration TOP_UP = Duration.ofMillis(200);

  private static final Duration SETTLING = Duration.ofSeconds(5);
  private static final double HALF = 0.5;
  private static final Pattern STAGE_TIMES =
      Pattern.compile(
          "\\d+\\.(slice|encode|caption)\\.sluice\\.(wait|work)Micros_(median|p95|p99)");

  private final LoadPlan plan;
  private final LoadPictures pictures;
  private final LoadRig rig;
  private final LoadFigures figures;
  private final PrintStream progress;

  private LoadRun(LoadPlan plan, LoadPictures pictures, LoadRig rig, PrintStream progress) {
    this.plan = plan;
    this.pictures = pictures;
    this.rig = rig;
    this.progress = progress;
    this.figures = new LoadFigures(plan);
  }

  /**
   * Runs a plan to its end.
   *
   * @param folder for all files
   * @param options of the job, beyond the plan's
   */
  public static LoadFigures run(
      LoadPlan plan, Path folder, Map<String, String> options, PrintStream progress)
      throws Exception {
    LoadPictures pictures = new LoadPictures(plan.pictures());
    try (LoadRig rig = LoadRig.start(folder, plan.job(), pictures, options);
        LedgerWatch ledger = new LedgerWatch(rig.device().ledger())) {
      LoadRun run = new LoadRun(plan, pictures, rig, progress);
      run.run();
      run.figures.ledger(ledger, rig.device().ledger());
      return run.figures;
    }
  }

  private void run() throws Exception {
    figures.put("meanEventBytes", pictures.meanBytes());
    say("warming up with %d events", WARM_UP_EVENTS);
    long warm = System.nanoTime();
    rig.feed().burst(WARM_UP_EVENTS, null);
    rig.awaitAll();
    double guess = WARM_UP_EVENTS / seconds(System.nanoTime() - warm);
    // What is idle is warm as well: the first checkpoints are slower.
    rig.pause(SETTLING);
    long idleFrom = System.currentTimeMillis();
    rig.pause(plan.idle());
    figures.idle(checkpoints(idleFrom));
    say("idle checkpoints: %s", figures.get("checkpointIdleP99Millis"));
    double capacity = capacity(guess);
    say("capacity: %.1f images/s", capacity);
    if (!plan.load().isZero()) {
      load(capacity);
    }
    drain();
    if (!plan.half().isZero()) {
      half(capacity);
      drain();
    }
    figures.count(rig.feed().sent(), rig.results());
  }

  /** Images per second while there is always more to read. */
  private double capacity(double guess) throws Exception {
    int backlog = (int) Math.max(MIN_BACKLOG, BACKLOG_SECONDS * guess);
    keepBusy(SETTLING, backlog);
    Work before = work();
    keepBusy(plan.capacity(), backlog);
    Work done = work().since(before);
    figures.capacity(done.pictures / done.seconds, done.fill());
    return done.pictures / done.seconds;
  }

  /** Keeps events in Kafka: results are counted when their transactions end. */
  private void keepBusy(Duration time, int backlog) throws Exception {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      int open = rig.feed().sent() - rig.results().events();
      if (open < backlog) {
        rig.feed().burst(backlog - open, null);
      }
      rig.pause(TOP_UP);
    }
  }

  private void load(double capacity) throws Exception {
    double offered = plan.times() * capacity;
    say("offering %.1f images/s for %s", offered, plan.load());
    long from = System.currentTimeMillis();
    int sentBefore = rig.feed().sent();
    Work before = work();
    try (MemoryWatch memory = new MemoryWatch()) {
      rig.feed().send(offered, plan.load(), deadlineIn(plan.load()));
      figures.memory(memory);
    }
    Work done = work().since(before);
    int offeredEvents = rig.feed().sent() - sentBefore;
    figures.put("offeredEvents", offeredEvents);
    figures.put("offeredTimesCapacity", offeredEvents / done.seconds / capacity);
    figures.put("imagesPerSecondUnderLoad", done.pictures / done.seconds);
    figures.put("batchFillUnderLoad", done.fill());
    figures.put("backlogInKafka", rig.lag());
    figures.put("withoutResultAtTheEnd", rig.feed().sent() - rig.results().events());
    figures.loaded(checkpoints(from));
    say("the load has ended; Kafka holds %s events", figures.get("backlogInKafka"));
  }

  private @Nullable Instant deadlineIn(Duration time) {
    return plan.backlog() == LoadPlan.Backlog.EXPIRES ? Instant.now().plus(time) : null;
  }

  private void drain() throws Exception {
    long start = System.nanoTime();
    rig.awaitAll();
    figures.put("drainSeconds", seconds(System.nanoTime() - start));
    say("drained: %d events", rig.results().events());
  }

  private void half(double capacity) throws Exception {
    say("offering half of the capacity for %s", plan.half());
    rig.feed().send(HALF * capacity, plan.half(), null);
    // Flink answers with what it has, nothing at first, and asks the tasks behind that.
    FlinkRest.await(() -> !rig.metrics(STAGE_TIMES).isEmpty());
    figures.stages(rig.metrics(STAGE_TIMES));
  }

  private List<Checkpoint> checkpoints(long fromMillis) throws Exception {
    return rig.checkpoints().stream().filter(each -> each.triggeredMillis() >= fromMillis).toList();
  }

  private Work work() {
    var meters = rig.meters();
    return new Work(seconds(System.nanoTime()), meters.pictures(), meters.tiles(), meters.places());
  }

  private void say(String format, Object... arguments) {
    progress.printf(Locale.ROOT, format + "%n", arguments);
  }

  private static double seconds(long nanos) {
    return nanos / 1e9;
  }

  private record Work(double seconds, long pictures, long tiles, long places) {
    Work since(Work before) {
      return new Work(
          seconds - before.seconds,
          pictures - before.pictures,
          tiles - before.tiles,
          places - before.places);
    }

    double fill() {
      return (double) tiles / Math.max(1, places);
    }
  }
}
