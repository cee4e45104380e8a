package dev.sluice.jobs.scenes;

import dev.sluice.jobs.scenes.CaptionScore.Confusion;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How well captions name the products. Shares are 0..1, NaN where there was nothing to measure.
 * Immutable.
 *
 * @param slots share of right slots, all four together
 * @param kind share of right kinds
 * @param colour share of right colours
 * @param pattern share of right patterns
 * @param count share of right counts
 * @param exact share of captions whose groups are all right
 * @param exactByItems the same, by how many products the scene holds
 * @param kindConfusion expected kind, then the kind said, among matched groups
 */
public record CaptionFigures(
    double slots,
    double kind,
    double colour,
    double pattern,
    double count,
    double exact,
    Map<Integer, Double> exactByItems,
    Map<Kind, Map<Kind, Integer>> kindConfusion) {

  public CaptionFigures {
    exactByItems = Collections.unmodifiableMap(new TreeMap<>(exactByItems));
    kindConfusion = Map.copyOf(kindConfusion);
  }

  static CaptionFigures of(List<SceneOutcome> outcomes) {
    List<CaptionScore> scores = outcomes.stream().map(SceneOutcome::score).toList();
    Map<Integer, Double> exactByItems = new TreeMap<>();
    outcomes.stream()
        .collect(Collectors.groupingBy(SceneOutcome::items))
        .forEach(
            (items, those) ->
                exactByItems.put(items, Shares.where(those, outcome -> outcome.score().exact())));
    return new CaptionFigures(
        Shares.ofSums(scores, CaptionScore::right, CaptionScore::slots),
        Shares.ofSums(scores, CaptionScore::kinds, CaptionScore::groups),
        Shares.ofSums(scores, CaptionScore::colours, CaptionScore::groups),
        Shares.ofSums(scores, CaptionScore::patterns, CaptionScore::groups),
        Shares.ofSums(scores, CaptionScore::counts, CaptionScore::groups),
        Shares.where(scores, CaptionScore::exact),
        exactByItems,
        confusion(scores));
  }

  private static Map<Kind, Map<Kind, Integer>> confusion(List<CaptionScore> scores) {
    Map<Kind, Map<Kind, Integer>> confusion = new EnumMap<>(Kind.class);
    for (CaptionScore score : scores) {
      for (Confusion c : score.confusions()) {
        confusion
            .computeIfAbsent(c.expected(), k -> new EnumMap<>(Kind.class))
            .merge(c.found(), 1, Integer::sum);
      }
    }
    return confusion;
  }
}
