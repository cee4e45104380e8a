package dev.sluice.jobs.scenes;

import dev.sluice.serde.Verdict.Decision;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How well forbidden items are found. Shares are 0..1, NaN where there was nothing to measure.
 * Immutable.
 *
 * @param labels for each forbidden kind, by the highest score
 * @param macroF1 the mean F1 of the forbidden kinds
 * @param falseAlarm share of pictures with nothing forbidden that were flagged
 * @param lookAlikesFlagged the same among those with a look-alike
 * @param calibrationError expected calibration error of the scores
 * @param decisions what the policy's thresholds made of them
 */
public record VerdictFigures(
    Map<Forbidden, LabelFigures> labels,
    double macroF1,
    double falseAlarm,
    double lookAlikesFlagged,
    double calibrationError,
    DecisionFigures decisions) {

  public VerdictFigures {
    labels = Collections.unmodifiableMap(new EnumMap<>(labels));
  }

  /** One forbidden kind. */
  public record LabelFigures(int present, double precision, double recall, double f1) {}

  /**
   * Decisions.
   *
   * @param review share of pictures that a person is to look at
   * @param wrong share of the others that were allowed with something forbidden in them, or blocked
   *     with nothing
   * @param allowedWrongly share of the allowed with something forbidden in them
   * @param blockedWrongly share of the blocked with nothing forbidden in them
   */
  public record DecisionFigures(
      double review, double wrong, double allowedWrongly, double blockedWrongly) {

    static DecisionFigures of(List<SceneOutcome> outcomes) {
      List<SceneOutcome> allowed = with(outcomes, Decision.ALLOW);
      List<SceneOutcome> blocked = with(outcomes, Decision.BLOCK);
      long missed = allowed.stream().filter(o -> o.forbidden() != Forbidden.NONE).count();
      long clean = blocked.stream().filter(o -> o.forbidden() == Forbidden.NONE).count();
      return new DecisionFigures(
          Shares.where(outcomes, o -> o.reading().decision() == Decision.REVIEW),
          Shares.of(missed + clean, allowed.size() + blocked.size()),
          Shares.of(missed, allowed.size()),
          Shares.of(clean, blocked.size()));
    }

    private static List<SceneOutcome> with(List<SceneOutcome> outcomes, Decision decision) {
      return outcomes.stream().filter(o -> o.reading().decision() == decision).toList();
    }
  }

  static VerdictFigures of(List<SceneOutcome> outcomes) {
    Map<Forbidden, LabelFigures> labels = new EnumMap<>(Forbidden.class);
    for (Forbidden label : Forbidden.values()) {
      if (label != Forbidden.NONE) {
        labels.put(label, of(outcomes, label));
      }
    }
    List<SceneOutcome> clean =
        outcomes.stream().filter(o -> o.forbidden() == Forbidden.NONE).toList();
    return new VerdictFigures(
        labels,
        labels.values().stream().mapToDouble(LabelFigures::f1).average().orElse(Double.NaN),
        Shares.where(clean, SceneOutcome::flagged),
        Shares.where(
            clean.stream().filter(SceneOutcome::lookAlike).toList(), SceneOutcome::flagged),
        LabelSample.calibrationError(outcomes.stream().map(SceneOutcome::sample).toList()),
        DecisionFigures.of(outcomes));
  }

  private static LabelFigures of(List<SceneOutcome> outcomes, Forbidden label) {
    int present = 0;
    int said = 0;
    int both = 0;
    for (SceneOutcome outcome : outcomes) {
      boolean is = outcome.forbidden() == label;
      boolean found = outcome.sample().said().equals(label.word());
      present += is ? 1 : 0;
      said += found ? 1 : 0;
      both += is && found ? 1 : 0;
    }
    return new LabelFigures(
        present,
        Shares.of(both, said),
        Shares.of(both, present),
        Shares.of(2L * both, present + said));
  }
}
