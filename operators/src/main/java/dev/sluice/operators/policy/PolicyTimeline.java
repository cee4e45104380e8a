package dev.sluice.operators.policy;

import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.ModerationPolicy;
import dev.sluice.serde.PolicyAssignment;
import dev.sluice.serde.PolicyChange;
import dev.sluice.serde.PolicyChange.Mode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which policies hold at which event time. Owned by the task thread.
 *
 * <p>Each policy id has two lines of changes, one that decides and one in its shadow. The changes
 * that are accepted do not depend on who asks: all that see the same changes know the same.
 */
final class PolicyTimeline {
  /** Of one id and line; the oldest goes first. */
  static final int MAX_CHANGES = 1000;

  /** Of one line. */
  static final int MAX_IDS = 1000;

  private final List<ModerationPolicy> initial;
  private final Map<String, Line> deciding = new HashMap<>();
  private final Map<String, Line> shadows = new HashMap<>();

  /**
   * @param initial hold before any change; the first is for events that ask for none
   */
  PolicyTimeline(List<ModerationPolicy> initial) {
    this.initial = List.copyOf(initial);
  }

  /**
   * @throws IllegalArgumentException if it contradicts what is known, with the reason
   */
  void apply(PolicyChange change) {
    ModerationPolicy policy = change.policy();
    if (policy != null) {
      requireSame(policy);
    }
    if (change.mode() == Mode.OFF && !shadows.containsKey(change.id())) {
      throw new IllegalArgumentException(
          "policy '%s': expected a shadow to end, found none".formatted(change.id()));
    }
    if (linesOf(change).size() >= MAX_IDS && !linesOf(change).containsKey(change.id())) {
      throw new IllegalArgumentException(
          "policy '%s': expected at most %d ids, found one more".formatted(change.id(), MAX_IDS));
    }
    lineOf(change).add(change);
  }

  /** A change that was accepted before, whatever the initial policies say by now. */
  void restore(PolicyChange change) {
    lineOf(change).add(change);
  }

  /** Nothing where the event asks for a policy that there was none of at its time. */
  Optional<PolicyAssignment> assignment(ImageEvent event) {
    String asked = event.request().policyId();
    String id = asked == null ? initial.get(0).id() : asked;
    Instant time = event.identity().eventTime();
    ModerationPolicy decides = at(deciding, id, time);
    if (decides == null) {
      decides = initially(id);
    }
    if (decides == null) {
      return Optional.empty();
    }
    ModerationPolicy shadow = at(shadows, id, time);
    // One that was promoted need not be asked twice.
    return Optional.of(new PolicyAssignment(decides, decides.equals(shadow) ? null : shadow));
  }

  /** All changes, in an order in which they can be applied again. */
  List<PolicyChange> changes() {
    List<PolicyChange> changes = new ArrayList<>();
    deciding.values().forEach(line -> changes.addAll(line.byTime.values()));
    shadows.values().forEach(line -> changes.addAll(line.byTime.values()));
    return changes;
  }

  /** A version stands for what it says: verdicts name no more than that. */
  private void requireSame(ModerationPolicy policy) {
    boolean same = agree(initially(policy.id()), policy);
    for (Map<String, Line> lines : List.of(deciding, shadows)) {
      Line line = lines.get(policy.id());
      same &= line == null || line.agreesWith(policy);
    }
    if (!same) {
      throw new IllegalArgumentException(
          "policy '%s': expected a new version for a new content, found version '%s' again"
              .formatted(policy.id(), policy.version()));
    }
  }

  private Line lineOf(PolicyChange change) {
    return linesOf(change).computeIfAbsent(change.id(), absent -> new Line());
  }

  private Map<String, Line> linesOf(PolicyChange change) {
    return change.mode() == Mode.DECIDE ? deciding : shadows;
  }

  private @Nullable ModerationPolicy initially(String id) {
    for (ModerationPolicy policy : initial) {
      if (policy.id().equals(id)) {
        return policy;
      }
    }
    return null;
  }

  private static @Nullable ModerationPolicy at(Map<String, Line> lines, String id, Instant time) {
    Line line = lines.get(id);
    return line == null ? null : line.at(time);
  }

  private static boolean agree(@Nullable ModerationPolicy known, ModerationPolicy policy) {
    return known == null || !known.version().equals(policy.version()) || known.equals(policy);
  }

  /** The changes of one id, by the event time that they apply from. */
  private static final class Line {
    private final NavigableMap<Instant, PolicyChange> byTime = new TreeMap<>();

    void add(PolicyChange change) {
      byTime.put(change.effectiveFrom(), change);
      if (byTime.size() > MAX_CHANGES) {
        byTime.pollFirstEntry();
      }
    }

    boolean agreesWith(ModerationPolicy policy) {
      return byTime.values().stream().allMatch(change -> agree(change.policy(), policy));
    }

    @Nullable ModerationPolicy at(Instant time) {
      Map.Entry<Instant, PolicyChange> entry = byTime.floorEntry(time);
      return entry == null ? null : entry.getValue().policy();
    }
  }
}
