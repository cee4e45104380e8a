package dev.sluice.serde;

import dev.sluice.models.value.LabelScores;
import dev.sluice.serde.flink.RecordTypes;
import java.util.List;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.api.common.typeinfo.TypeInfo;
import org.jspecify.annotations.Nullable;

/**
 * What a policy decides about a picture, with the scores it decided by. Immutable.
 *
 * @param verdictId SHA-256 over event id, image, policy, model and calibration, lower-case hex: the
 *     same in every run
 * @param calibration version of the calibration that the scores went through, null for none
 * @param rationale words for a person, null where there are none
 */
@PublicEvolving
@TypeInfo(RecordTypes.OfVerdict.class)
public record Verdict(
    EventIdentity identity,
    String verdictId,
    String policyId,
    String policyVersion,
    Decision decision,
    List<Label> labels,
    LabelScores.ScoreType scoreType,
    @Nullable String calibration,
    @Nullable String rationale,
    Provenance provenance) {
  public Verdict {
    labels = List.copyOf(labels);
  }

  /** What happens to the picture. */
  public enum Decision {
    ALLOW,
    REVIEW,
    BLOCK,
    ERROR
  }

  /**
   * One label of the policy.
   *
   * @param score 0 to 1
   * @param threshold the score from which the label blocks
   * @param region where it was seen, null where the model does not tell
   */
  public record Label(String code, double score, double threshold, @Nullable String region) {}
}
