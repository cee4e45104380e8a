package dev.sluice.serde;

import dev.sluice.serde.flink.RecordTypes;
import java.time.Instant;
import java.util.Locale;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.api.common.typeinfo.TypeInfo;
import org.jspecify.annotations.Nullable;

/**
 * What applies to pictures of an event time and later, until the next change of the same policy.
 * Immutable.
 *
 * @param id of the policy
 * @param effectiveFrom first event time that it applies to
 * @param policy null where a shadow ends
 */
@PublicEvolving
@TypeInfo(RecordTypes.OfPolicyChange.class)
public record PolicyChange(
    String id, Mode mode, Instant effectiveFrom, @Nullable ModerationPolicy policy) {
  public PolicyChange {
    if ((policy == null) != (mode == Mode.OFF)) {
      throw new IllegalArgumentException(
          "policy '%s': expected a policy unless the mode is off, found mode %s and %s"
              .formatted(id, mode.word(), policy == null ? "none" : "one"));
    }
  }

  /** What a change is for. */
  public enum Mode {
    /** Verdicts follow from it. */
    DECIDE,
    /** It is asked beside the policy of its id that decides. */
    SHADOW,
    /** The shadow of this id ends. */
    OFF;

    /** As it stands in JSON. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
