package dev.sluice.benchmarks;

import dev.sluice.benchmarks.policies.PoliciesRun;
import dev.sluice.benchmarks.policies.PoliciesRun.Change;
import dev.sluice.benchmarks.policies.PoliciesRun.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * Changes the policy of a moderation job on a cluster of separate JVMs, and measures how soon
 * verdicts are by the new one. Used by one thread.
 */
public final class Policies {
  private static final int CHANGES = 20;

  private Policies() {}

  /**
   * @param args how many changes (default 20)
   */
  public static void main(String[] args) throws Exception {
    int changes = args.length > 0 ? Integer.parseInt(args[0]) : CHANGES;
    Path folder = Files.createTempDirectory("sluice-policies-");
    System.out.println("logs are in " + folder);
    Report report = PoliciesRun.run(folder, changes);
    report.changes().forEach(System.out::println);
    print("first verdict written", report.changes(), Change::written);
    print("first verdict committed and read", report.changes(), Change::visible);
    System.out.printf(
        "%d pictures sent, %d judged, %d twice%n", report.sent(), report.judged(), report.twice());
    if (!report.isComplete()) {
      System.exit(1);
    }
  }

  private static void print(String what, List<Change> changes, Function<Change, Duration> of) {
    List<Long> millis = changes.stream().map(of).map(Duration::toMillis).sorted().toList();
    System.out.printf(
        "%s: median %d ms, longest %d ms%n",
        what, millis.get(millis.size() / 2), millis.get(millis.size() - 1));
  }
}
