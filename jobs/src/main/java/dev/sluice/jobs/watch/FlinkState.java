package dev.sluice.jobs.watch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.jobs.watch.FlinkRest.Sample;
import java.io.IOException;
import java.net.URI;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Collectors;

/**
 * What the gate, the steps and the device do, as the page reads it. Thread-safe; asks Flink at most
 * once a second, however many pages are open.
 */
final class FlinkState {
  private static final long FRESH_NANOS = 900_000_000;

  /** A loaded Flink misses a question now and then: the last answer stands for so long. */
  private static final long STANDS_NANOS = 10_000_000_000L;

  private static final List<String> FIRST_STEPS = List.of("slice", "encode");
  private static final String SOURCE = "Source";
  private static final String DEVICE = "sluice.device.";
  private static final String LIMIT = "sluice.limit.";

  private final Optional<FlinkRest> flink;
  private JsonNode last = emptyState();
  private long askedNanos = System.nanoTime() - STANDS_NANOS;
  private long answeredNanos = askedNanos;

  FlinkState(Optional<URI> flink) {
    this.flink = flink.map(FlinkRest::new);
  }

  /** The newest state; says why where there is none. */
  synchronized JsonNode now() {
    if (System.nanoTime() - askedNanos >= FRESH_NANOS) {
      JsonNode state = ask();
      askedNanos = System.nanoTime();
      boolean answered = !state.path("jobs").isEmpty();
      if (answered || askedNanos - answeredNanos >= STANDS_NANOS) {
        last = state;
      }
      answeredNanos = answered ? askedNanos : answeredNanos;
    }
    return last;
  }

  private JsonNode ask() {
    ObjectNode state = emptyState();
    ArrayNode jobs = state.withArray("/jobs");
    if (flink.isEmpty()) {
      return state.put("absent", "start with --flink URL to see the gate and the steps");
    }
    try {
      for (FlinkRest.Job job : flink.get().runningJobs()) {
        List<Sample> samples = flink.get().samples(job);
        if (samples.stream().anyMatch(sample -> sample.name().startsWith("sluice."))) {
          jobs.add(job(job.name(), samples));
          putDevices(samples, state);
        }
      }
    } catch (IOException e) {
      state.put("absent", "Flink's metrics cannot be read at the moment");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return state;
  }

  private static ObjectNode emptyState() {
    ObjectNode state = JsonNodeFactory.instance.objectNode();
    state.putArray("jobs");
    return state;
  }

  private static ObjectNode job(String name, List<Sample> samples) {
    ObjectNode job = JsonNodeFactory.instance.objectNode();
    job.put("name", name);
    List<Sample> source = samples.stream().filter(sample -> isSource(sample)).toList();
    job.put("pending", sum(source, "pendingRecords"));
    job.put("credits", sum(source, "sluice.credits"));
    job.put("inFlight", sum(source, "sluice.inFlight"));
    job.put("admitted", sum(source, "sluice.admitted"));
    job.put("rate", sum(source, "numRecordsOutPerSecond"));
    job.put("bottleneck", bottleneck(source));
    ObjectNode shares = job.putObject("shares");
    combine(source, LIMIT, ".limitShare", Math::max).forEach(shares::put);
    ArrayNode steps = job.putArray("steps");
    Map<String, List<Sample>> byOperator =
        samples.stream()
            .filter(sample -> !isSource(sample))
            .collect(
                Collectors.groupingBy(Sample::operator, LinkedHashMap::new, Collectors.toList()));
    byOperator.keySet().stream()
        .sorted(Comparator.comparing(FlinkState::place))
        .forEach(
            operator -> putStep(operator, byOperator.getOrDefault(operator, List.of()), steps));
    return job;
  }

  /** Slice, encode, and then what decodes, whatever it is called. */
  private static int place(String operator) {
    int place = FIRST_STEPS.indexOf(operator);
    return place < 0 ? FIRST_STEPS.size() : place;
  }

  private static void putStep(String operator, List<Sample> samples, ArrayNode steps) {
    if (samples.stream().anyMatch(sample -> sample.name().equals("sluice.inFlight"))) {
      steps
          .addObject()
          .put("name", operator)
          .put("rate", sum(samples, "numRecordsOutPerSecond"))
          .put("inFlight", sum(samples, "sluice.inFlight"))
          .put("waitMicros", largest(samples, "sluice.waitMicros_median"));
    }
  }

  /** All operators of a process show the same device: the largest value is that of a process. */
  private static void putDevices(List<Sample> samples, ObjectNode state) {
    ObjectNode devices = state.withObject("/devices");
    combine(samples, DEVICE, "", Math::max)
        .forEach(
            (name, value) -> {
              int dot = name.indexOf('.');
              devices.withObject("/" + name.substring(0, dot)).put(name.substring(dot + 1), value);
            });
  }

  private static boolean isSource(Sample sample) {
    return sample.operator().startsWith(SOURCE);
  }

  /** What most subtasks name. */
  private static String bottleneck(List<Sample> source) {
    return source.stream()
        .filter(sample -> sample.name().equals("sluice.bottleneck"))
        .collect(Collectors.groupingBy(Sample::value, Collectors.counting()))
        .entrySet()
        .stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse("unknown");
  }

  private static double sum(List<Sample> samples, String name) {
    return combine(samples, name, "", Double::sum).getOrDefault("", 0.0);
  }

  private static double largest(List<Sample> samples, String name) {
    return combine(samples, name, "", Math::max).getOrDefault("", 0.0);
  }

  /** Combines the values of all subtasks, by what stands between prefix and suffix. */
  private static Map<String, Double> combine(
      List<Sample> samples, String prefix, String suffix, DoubleBinaryOperator combination) {
    Map<String, Double> combined = new LinkedHashMap<>();
    for (Sample sample : samples) {
      String name = sample.name();
      if (name.startsWith(prefix) && name.endsWith(suffix)) {
        combined.merge(
            name.substring(prefix.length(), name.length() - suffix.length()),
            number(sample.value()),
            combination::applyAsDouble);
      }
    }
    return combined;
  }

  private static double number(String value) {
    try {
      return Double.parseDouble(value);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
