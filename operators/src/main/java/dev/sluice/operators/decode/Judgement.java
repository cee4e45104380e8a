package dev.sluice.operators.decode;

import dev.sluice.models.value.LabelScores;
import dev.sluice.operators.reuse.FieldDigest;
import dev.sluice.serde.ModerationPolicy;
import dev.sluice.serde.Verdict;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From scores to a decision: plain arithmetic. */
public final class Judgement {
  private Judgement() {}

  static List<Verdict.Label> labels(ModerationPolicy policy, LabelScores scores) {
    return policy.labels().stream()
        .map(
            label ->
                new Verdict.Label(
                    label.code(), scoreOf(policy, label, scores), label.blockThreshold(), null))
        .toList();
  }

  /** The strictest of what its labels ask for. */
  public static Verdict.Decision decide(ModerationPolicy policy, LabelScores scores) {
    Verdict.Decision decision = Verdict.Decision.ALLOW;
    for (ModerationPolicy.Label label : policy.labels()) {
      double score = scoreOf(policy, label, scores);
      if (score >= label.blockThreshold()) {
        return Verdict.Decision.BLOCK;
      }
      if (score >= label.reviewThreshold()) {
        decision = Verdict.Decision.REVIEW;
      }
    }
    return decision;
  }

  /**
   * SHA-256 over event, picture, policy, model and calibration if there is one: the same in every
   * run, lower-case hex.
   */
  static String verdictId(
      String eventId,
      String pictureSha256,
      ModerationPolicy policy,
      String weightsSha256,
      @Nullable String calibration) {
    FieldDigest all =
        new FieldDigest()
            .add(eventId)
            .add(HexFormat.of().parseHex(pictureSha256))
            .add(policy.id())
            .add(policy.version())
            .add(weightsSha256);
    return calibration == null ? all.hex() : all.add(calibration).hex();
  }

  private static double scoreOf(
      ModerationPolicy policy, ModerationPolicy.Label label, LabelScores scores) {
    return scores.scores().get(policy.options().indexOf(label.option()));
  }
}
