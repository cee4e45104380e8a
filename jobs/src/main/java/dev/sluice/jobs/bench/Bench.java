package dev.sluice.jobs.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.models.Capability;
import dev.sluice.models.ModelDescription;
import dev.sluice.models.Models;
import dev.sluice.models.VisionLanguageModel;
import dev.sluice.models.memory.MemoryLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Measures scenario after scenario. Used by one thread, which owns the model meanwhile. */
public final class Bench {
  private final BenchSettings settings;
  private final Consumer<ObjectNode> lines;
  private final Machine machine = new Machine();

  /**
   * @param lines takes each result when it is there
   */
  public Bench(BenchSettings settings, Consumer<ObjectNode> lines) {
    this.settings = settings;
    this.lines = lines;
  }

  /**
   * @param scenarios empty for all that the model can be measured with
   * @param pictures files, at least as many as the largest batch
   * @throws IllegalArgumentException if the model cannot do what is asked
   */
  public void run(Set<Scenario> scenarios, List<Path> pictures) throws Exception {
    ModelDescription description = Models.describe(settings.folder(), settings.load());
    Set<Scenario> chosen = chosen(scenarios, description);
    int threads = Models.initialise(settings.load());
    if (chosen.remove(Scenario.GEMM)) {
      machine.report(threads, lines);
    }
    if (!chosen.isEmpty()) {
      measureModel(chosen, pictures, description, threads);
    }
  }

  private static Set<Scenario> chosen(Set<Scenario> asked, ModelDescription description) {
    boolean writes = description.capabilities().contains(Capability.CAPTION);
    Set<Scenario> chosen = EnumSet.noneOf(Scenario.class);
    for (Scenario scenario : asked.isEmpty() ? Arrays.asList(Scenario.values()) : asked) {
      if (writes || !scenario.writesText()) {
        chosen.add(scenario);
      } else if (!asked.isEmpty()) {
        throw new IllegalArgumentException(
            "scenario %s: expected a model that writes text, found %s, which does not"
                .formatted(scenario.label(), description.family()));
      }
    }
    return chosen;
  }

  private void measureModel(
      Set<Scenario> chosen, List<Path> pictures, ModelDescription description, int threads)
      throws Exception {
    List<byte[]> files = contents(pictures);
    List<ObjectNode> streams = new ArrayList<>();
    try (VisionLanguageModel model = load(description)) {
      ModelBench bench = new ModelBench(settings, description, machine, threads, model);
      if (chosen.contains(Scenario.SLICE)) {
        print(bench.slice(files));
      }
      for (int batch : settings.batches()) {
        if (chosen.contains(Scenario.ENCODE)) {
          print(bench.encode(files, batch));
        }
        if (chosen.contains(Scenario.DECODE)) {
          print(bench.decode(files, batch));
        }
        if (chosen.contains(Scenario.CAPTION)) {
          print(bench.caption(files, batch));
        }
        if (chosen.contains(Scenario.STREAM)) {
          streams.add(bench.engineLoop(files, batch));
        }
      }
    }
    if (!streams.isEmpty()) {
      double speed = new StreamBench(settings).imagesPerSecond(pictures);
      streams.forEach(line -> print(StreamBench.beside(line, speed)));
    }
  }

  private VisionLanguageModel load(ModelDescription description) {
    long free = Models.deviceBytes(settings.load()) - description.weightsBytes();
    return Models.load(
        settings.folder(),
        settings.load(),
        new MemoryLedger("cpu", description.weightsBytes() + free / 2));
  }

  private static List<byte[]> contents(List<Path> files) throws IOException {
    List<byte[]> contents = new ArrayList<>();
    for (Path file : files) {
      contents.add(Files.readAllBytes(file));
    }
    return contents;
  }

  private void print(ObjectNode line) {
    lines.accept(BenchLine.withMemory(line));
  }
}
