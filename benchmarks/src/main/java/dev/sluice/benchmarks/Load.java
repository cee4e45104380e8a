package dev.sluice.benchmarks;

import dev.sluice.benchmarks.load.LoadFigures;
import dev.sluice.benchmarks.load.LoadPictures;
import dev.sluice.benchmarks.load.LoadPlan;
import dev.sluice.benchmarks.load.LoadRun;
import dev.sluice.jobs.local.TemporaryFolder;
import dev.sluice.operators.VisionOptions.Chaining;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Offers a job many times what it can take, and shows that nothing breaks: docs/load.md. Used by
 * one thread.
 *
 * <p>Exit code 1: something is wrong that must never be, {@code failures} of the last line.
 */
@Command(name = "Load", mixinStandardHelpOptions = true, sortOptions = false)
public final class Load implements Callable<Integer> {
  @Option(names = "--subtasks", defaultValue = "1", description = "Subtasks of the job.")
  private int subtasks;

  @Option(names = "--unchained", description = "Encode and decode are tasks of their own.")
  private boolean unchained;

  @Option(names = "--in-flight", defaultValue = "64", description = "sluice.capacity.")
  private int inFlight;

  @Option(names = "--interval", defaultValue = "1000", description = "Of checkpoints, ms.")
  private int intervalMillis;

  @Option(names = "--pictures", defaultValue = "MIXED", description = "${COMPLETION-CANDIDATES}.")
  private LoadPictures.Kind pictures = LoadPictures.Kind.MIXED;

  @Option(names = "--idle", defaultValue = "60", description = "Seconds without any load.")
  private int idleSeconds;

  @Option(names = "--capacity", defaultValue = "60", description = "Seconds to measure it.")
  private int capacitySeconds;

  @Option(names = "--times", defaultValue = "10", description = "Offered load, in capacities.")
  private double times;

  @Option(names = "--load", defaultValue = "600", description = "Seconds of it; 0 for none.")
  private int loadSeconds;

  @Option(
      names = "--expire",
      description = "What is not worked on when the load ends has missed its deadline.")
  private boolean expire;

  @Option(names = "--half", defaultValue = "0", description = "Seconds at half the capacity.")
  private int halfSeconds;

  @Option(names = "-D", description = "Options of the job: -Dsluice.device.threads=1.")
  private Map<String, String> options = new TreeMap<>();

  private Load() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new Load()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    try (TemporaryFolder folder = TemporaryFolder.create("sluice-load-")) {
      LoadFigures figures = LoadRun.run(plan(), folder.path(), options, System.err);
      System.out.println(figures.json());
      return figures.failures().isEmpty() ? 0 : 1;
    }
  }

  private LoadPlan plan() {
    return new LoadPlan(
        pictures,
        new LoadPlan.Job(
            subtasks,
            unchained ? Chaining.UNCHAINED : Chaining.CHAINED,
            inFlight,
            Duration.ofMillis(intervalMillis)),
        Duration.ofSeconds(idleSeconds),
        Duration.ofSeconds(capacitySeconds),
        times,
        Duration.ofSeconds(loadSeconds),
        expire ? LoadPlan.Backlog.EXPIRES : LoadPlan.Backlog.WORKED_OFF,
        Duration.ofSeconds(halfSeconds));
  }
}
