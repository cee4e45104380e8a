package dev.sluice.jobs.scenes;

import java.util.List;

/**
 * What an evaluation found. Immutable.
 *
 * @param pictures how many were read
 * @param stream which they were
 * @param captions the products
 * @param prices the price tags
 * @param verdicts the forbidden items
 * @param picturesPerSecond reading only
 */
public record SceneFigures(
    int pictures,
    SceneStream stream,
    CaptionFigures captions,
    PriceFigures prices,
    VerdictFigures verdicts,
    double picturesPerSecond) {

  static SceneFigures of(SceneStream stream, List<SceneOutcome> outcomes, long readNanos) {
    return new SceneFigures(
        outcomes.size(),
        stream,
        CaptionFigures.of(outcomes),
        PriceFigures.of(outcomes),
        VerdictFigures.of(outcomes),
        outcomes.size() * 1e9 / Math.max(1, readNanos));
  }
}
