package dev.sluice.operators.poison;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of processes that died with pictures in native hands. Immutable, plain Java.
 *
 * <p>A death makes suspects of all pictures that the journal names, and of most of them wrongly:
 * they were neighbours in a batch, or someone killed the process. From then on each is worked on
 * alone. One that gets through is cleared. One that was alone when the process died once more is
 * poison.
 */
final class Deaths {
  static final Deaths NONE = new Deaths(Map.of());

  private static final String HEADER = "sluice-deaths 1";
  private static final int MOST = 4096;
  private static final int DEATHS_OF_POISON = 2;
  private static final int FIELDS = 5;

  private final Map<Suspect.Key, Case> cases;

  private Deaths(Map<Suspect.Key, Case> cases) {
    this.cases = cases;
  }

  /** What may be done with a picture. */
  enum Verdict {
    /** Whatever is done with others. */
    FREE,
    /** It may have ended a process: nothing else may be in native hands. */
    ALONE,
    /** It ends processes. */
    POISON
  }

  Verdict verdictOn(Suspect suspect) {
    Case known = cases.get(suspect.key());
    if (known == null) {
      return Verdict.FREE;
    }
    return known.poison ? Verdict.POISON : Verdict.ALONE;
  }

  /** How many processes have died with it. */
  int of(Suspect suspect) {
    Case known = cases.get(suspect.key());
    return known == null ? 0 : known.deaths;
  }

  /**
   * @param named all whom the dead process had in native hands
   */
  Deaths after(List<Suspect> named, Instant when) {
    Set<Suspect.Key> keys = named.stream().map(Suspect::key).collect(Collectors.toSet());
    boolean alone = keys.size() == 1;
    Map<Suspect.Key, Case> next = new LinkedHashMap<>(cases);
    for (Suspect.Key key : keys) {
      Case before = cases.getOrDefault(key, new Case(0, false, when));
      int deaths = before.deaths + 1;
      boolean poison = before.poison || (alone && deaths >= DEATHS_OF_POISON);
      next.put(key, new Case(deaths, poison, when));
    }
    return new Deaths(newest(next));
  }

  /** It has been worked on alone, and nothing happened. */
  Deaths cleared(Suspect suspect) {
    if (verdictOn(suspect) != Verdict.ALONE) {
      return this;
    }
    Map<Suspect.Key, Case> next = new LinkedHashMap<>(cases);
    next.remove(suspect.key());
    return new Deaths(next);
  }

  /** Without what is older. */
  Deaths since(Instant oldest) {
    Map<Suspect.Key, Case> next = new LinkedHashMap<>(cases);
    next.values().removeIf(known -> known.last.isBefore(oldest));
    return next.size() == cases.size() ? this : new Deaths(next);
  }

  /** As text: a header, then a line for each. */
  List<String> toLines() {
    return Stream.concat(
            Stream.of(HEADER),
            cases.entrySet().stream()
                .map(
                    entry ->
                        "%s %s %d %s %s"
                            .formatted(
                                entry.getKey().work(),
                                entry.getKey().picture(),
                                entry.getValue().deaths,
                                entry.getValue().poison ? "poison" : "suspect",
                                entry.getValue().last)))
        .toList();
  }

  /** Lines that are not understood are left out: a suspect more or less stops no stream. */
  static Deaths parse(List<String> lines) {
    if (lines.isEmpty() || !lines.get(0).equals(HEADER)) {
      return NONE;
    }
    Map<Suspect.Key, Case> cases = new LinkedHashMap<>();
    for (String line : lines.subList(1, lines.size())) {
      parse(line).ifPresent(entry -> cases.put(entry.getKey(), entry.getValue()));
    }
    return new Deaths(newest(cases));
  }

  private static Optional<Map.Entry<Suspect.Key, Case>> parse(String line) {
    String[] fields = line.split(" ", -1);
    if (fields.length != FIELDS) {
      return Optional.empty();
    }
    try {
      Case known =
          new Case(
              Integer.parseInt(fields[2]), fields[3].equals("poison"), Instant.parse(fields[4]));
      return Suspect.stage(fields[0])
          .map(work -> Map.entry(new Suspect.Key(work, fields[1]), known));
    } catch (NumberFormatException | DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static Map<Suspect.Key, Case> newest(Map<Suspect.Key, Case> cases) {
    if (cases.size() <= MOST) {
      return cases;
    }
    Map<Suspect.Key, Case> newest = new LinkedHashMap<>();
    cases.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.comparing(Case::last).reversed()))
        .limit(MOST)
        .forEach(entry -> newest.put(entry.getKey(), entry.getValue()));
    return newest;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Deaths that && cases.equals(that.cases);
  }

  @Override
  public int hashCode() {
    return Objects.hash(cases);
  }

  @Override
  public String toString() {
    return cases.toString();
  }

  /** Immutable. */
  private record Case(int deaths, boolean poison, Instant last) {}
}
