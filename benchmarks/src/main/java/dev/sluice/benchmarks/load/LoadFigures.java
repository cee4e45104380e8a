package dev.sluice.benchmarks.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.benchmarks.cluster.FlinkRest.Checkpoint;
import dev.sluice.models.memory.MemoryLedger;
import dev.sluice.operators.VisionOptions.Chaining;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was seen in a run, and what of it is not as it should be. Owned by one thread. */
public final class LoadFigures {
  private static final double MAX_GROWTH = 1.05;
  private static final double MAX_SLOWER = 2;
  private static final int STEPS = 3;
  private static final double MEBIBYTE = 1 << 20;

  private final LoadPlan plan;
  private final Map<String, Object> figures = new LinkedHashMap<>();
  private final List<String> failures = new ArrayList<>();
  private final List<String> misses = new ArrayList<>();

  LoadFigures(LoadPlan plan) {
    this.plan = plan;
    put("subtasks", plan.job().subtasks());
    put("chaining", plan.job().chaining().name());
    put("inFlightPerSubtask", plan.job().inFlight());
    put("checkpointIntervalMillis", plan.job().checkpointInterval().toMillis());
  }

  /** What must never be: lost or repeated results, memory beyond the budget, broken checkpoints. */
  public List<String> failures() {
    return List.copyOf(failures);
  }

  /** Ratios beyond their bar; another process on the machine can be the reason. */
  public List<String> misses() {
    return List.copyOf(misses);
  }

  /** One line. */
  public String json() {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode node = mapper.createObjectNode();
    figures.forEach(node::putPOJO);
    node.putPOJO("failures", failures);
    node.putPOJO("misses", misses);
    return node.toString();
  }

  /** A figure by its name. */
  public Object get(String name) {
    Object figure = figures.get(name);
    if (figure == null) {
      throw new IllegalArgumentException("figure " + name + ": there is none");
    }
    return figure;
  }

  void put(String name, Object value) {
    figures.put(name, value instanceof Double number ? Math.round(number * 1000) / 1000.0 : value);
  }

  void idle(List<Checkpoint> checkpoints) {
    put("checkpointsIdle", checkpoints.size());
    put("checkpointIdleP50Millis", durationOf(checkpoints, 0.5));
    put("checkpointIdleP99Millis", durationOf(checkpoints, 0.99));
    put("stateIdleBytes", meanState(checkpoints));
  }

  void capacity(double imagesPerSecond, double batchFill) {
    put("capacityImagesPerSecond", imagesPerSecond);
    put("batchFillAtCapacity", batchFill);
  }

  void memory(MemoryWatch memory) {
    // The first fifth is the warm-up.
    double early = memory.mean(0.2, 0.3);
    double late = memory.mean(0.9, 1);
    put("residentMibAfterWarmUp", early / MEBIBYTE);
    put("residentMibAtTheEnd", late / MEBIBYTE);
    put("residentGrowth", late / early);
    miss(late / early > MAX_GROWTH, "resident memory grew by more than 5 %");
  }

  void loaded(List<Checkpoint> checkpoints) {
    double p99 = durationOf(checkpoints, 0.99);
    put("checkpointsLoaded", checkpoints.size());
    put("checkpointLoadedP50Millis", durationOf(checkpoints, 0.5));
    put("checkpointLoadedP99Millis", p99);
    put("checkpointLoadedMaxMillis", durationOf(checkpoints, 1));
    double times = p99 / Math.max(1, (double) get("checkpointIdleP99Millis"));
    put("checkpointP99TimesIdle", times);
    miss(times > MAX_SLOWER, "the p99 of checkpoints is more than twice that of the idle job");
    long interval = plan.job().checkpointInterval().toMillis();
    miss(durationOf(checkpoints, 1) > interval, "a checkpoint took longer than its interval");
    long broken = checkpoints.stream().filter(each -> each.status().equals("FAILED")).count();
    fail(broken > 0, broken + " checkpoints failed");
    state(checkpoints);
  }

  void stages(Map<String, Double> micros) {
    Map<String, Double> millis = new LinkedHashMap<>();
    micros.forEach(
        (name, value) -> {
          String stage = name.substring(name.indexOf('.') + 1).replace(".sluice.", ".");
          millis.merge(
              stage.replace("Micros", "Millis"), Math.round(value / 10.0) / 100.0, Math::max);
        });
    put("stagesAtHalfLoad", millis);
  }

  void ledger(LedgerWatch watch, MemoryLedger ledger) {
    put("ledgerSamples", watch.samples());
    put("ledgerMostBytes", Math.max(watch.mostBytes(), ledger.peakBytes()));
    put("ledgerBudgetBytes", ledger.budgetBytes());
    fail(
        watch.overBudget() > 0 || ledger.peakBytes() > ledger.budgetBytes(),
        "the ledger was above its budget");
  }

  void count(int sent, ResultCount results) {
    put("sent", sent);
    put("captions", results.events() - results.rejected());
    put("rejected", results.rejected());
    put("lost", sent - results.events());
    put("twice", results.twice());
    fail(results.events() != sent, (sent - results.events()) + " events have no result");
    fail(results.twice() > 0, results.twice() + " results came twice");
  }

  /** What each picture in flight adds to a checkpoint. */
  private void state(List<Checkpoint> checkpoints) {
    double idle = (double) get("stateIdleBytes");
    // Chained, the gate bounds all steps together; unchained, each step takes in as many.
    int tasks = plan.job().chaining() == Chaining.CHAINED ? 1 : STEPS;
    int inFlight = plan.job().inFlight() * plan.job().subtasks() * tasks;
    double each = (meanState(checkpoints) - idle) / inFlight;
    put("stateLoadedBytes", meanState(checkpoints));
    put("statePerImageBytes", each);
    miss(
        each > (double) get("meanEventBytes") + 1024,
        "a picture in flight takes more state than its event and 1 KiB");
  }

  private void fail(boolean wrong, String what) {
    if (wrong) {
      failures.add(what);
    }
  }

  private void miss(boolean missed, String what) {
    if (missed) {
      misses.add(what);
    }
  }

  private static double durationOf(List<Checkpoint> checkpoints, double quantile) {
    List<Long> sorted =
        checkpoints.stream()
            .filter(Checkpoint::isCompleted)
            .map(Checkpoint::durationMillis)
            .sorted()
            .toList();
    if (sorted.isEmpty()) {
      throw new IllegalStateException("checkpoints: expected at least one, found none");
    }
    return sorted.get((int) Math.ceil(quantile * (sorted.size() - 1)));
  }

  private static double meanState(List<Checkpoint> checkpoints) {
    return checkpoints.stream()
        .filter(Checkpoint::isCompleted)
        .mapToLong(Checkpoint::stateBytes)
        .average()
        .orElse(0);
  }
}
