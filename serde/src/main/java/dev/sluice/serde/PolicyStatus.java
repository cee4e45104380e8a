package dev.sluice.serde;

import dev.sluice.serde.flink.RecordTypes;
import java.time.Instant;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.api.common.typeinfo.TypeInfo;
import org.jspecify.annotations.Nullable;

/**
 * What became of one record of the policies' topic. Immutable.
 *
 * @param origin where the record lies
 * @param change null where the record could not be read
 * @param reason why it was rejected, null where it was accepted
 */
@PublicEvolving
@TypeInfo(RecordTypes.OfPolicyStatus.class)
public record PolicyStatus(
    RecordOrigin origin, Instant time, @Nullable Change change, @Nullable String reason) {

  /** Whether pictures are judged by it, from its effective time on. */
  public boolean isAccepted() {
    return reason == null;
  }

  /**
   * What the record asked for. Immutable.
   *
   * @param version null where a shadow ends
   */
  public record Change(
      String policyId, @Nullable String version, PolicyChange.Mode mode, Instant effectiveFrom) {

    public static Change of(PolicyChange change) {
      ModerationPolicy policy = change.policy();
      return new Change(
          change.id(),
          policy == null ? null : policy.version(),
          change.mode(),
          change.effectiveFrom());
    }
  }
}
