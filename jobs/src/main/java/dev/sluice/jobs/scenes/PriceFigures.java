package dev.sluice.jobs.scenes;

import java.util.List;

/**
 * How well price tags are read. Shares are 0..1, NaN where there was nothing to measure. Immutable.
 *
 * @param tags how many pictures have a tag
 * @param exact share of printed prices that were read exactly
 * @param cutTags how many tags a cut between slices runs through
 * @param exactCut {@code exact} among those
 * @param exactWhole {@code exact} among the others
 * @param invented share of pictures without a tag in which a price was read
 */
public record PriceFigures(
    int tags, double exact, int cutTags, double exactCut, double exactWhole, double invented) {

  static PriceFigures of(List<SceneOutcome> outcomes) {
    List<SceneOutcome> tagged =
        outcomes.stream().filter(o -> o.expected().price().isPresent()).toList();
    List<SceneOutcome> bare =
        outcomes.stream().filter(o -> o.expected().price().isEmpty()).toList();
    List<SceneOutcome> cut = tagged.stream().filter(SceneOutcome::tagCut).toList();
    List<SceneOutcome> whole = tagged.stream().filter(o -> !o.tagCut()).toList();
    return new PriceFigures(
        tagged.size(),
        right(tagged),
        cut.size(),
        right(cut),
        right(whole),
        Shares.where(bare, o -> !o.score().priceRight()));
  }

  private static double right(List<SceneOutcome> outcomes) {
    return Shares.where(outcomes, o -> o.score().priceRight());
  }
}
