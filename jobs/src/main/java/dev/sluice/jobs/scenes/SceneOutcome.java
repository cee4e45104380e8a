package dev.sluice.jobs.scenes;

import dev.sluice.jobs.scenes.SceneReader.Reading;

/**
 * What a model made of one picture of a stream, without the picture, which can be drawn again.
 * Immutable.
 *
 * @param number in the stream
 * @param items products in the scene
 * @param expected the right caption
 * @param forbidden the right label
 * @param lookAlike whether something in it only looks forbidden
 * @param tagCut whether a cut between slices runs through the price tag
 * @param reading the model's answer
 * @param found its caption as it reads
 * @param score how much of the caption is right
 */
public record SceneOutcome(
    long number,
    int items,
    SceneCaption expected,
    Forbidden forbidden,
    boolean lookAlike,
    boolean tagCut,
    Reading reading,
    SceneCaption found,
    CaptionScore score) {

  static SceneOutcome of(ScenePicture picture, Reading reading) {
    Scene scene = picture.scene();
    SceneCaption expected = picture.caption();
    SceneCaption found = SceneCaption.parse(reading.caption());
    return new SceneOutcome(
        picture.number(),
        scene.items().size(),
        expected,
        scene.forbidden(),
        scene.small().stream().anyMatch(s -> s.thing().forbidden() == Forbidden.NONE),
        scene.tag().map(tag -> scene.plan().cuts(tag.box())).orElse(false),
        reading,
        found,
        CaptionScore.of(expected, found));
  }

  /** Its label scores and the right label. */
  public LabelSample sample() {
    return new LabelSample(forbidden.word(), reading.labels());
  }

  /** Whether the label with the highest score is the right one. */
  public boolean labelRight() {
    return sample().said().equals(forbidden.word());
  }

  /** Whether anything but {@code none} has the highest score. */
  boolean flagged() {
    return !sample().said().equals(Forbidden.NONE.word());
  }

  /** How much is wrong: the share of wrong slots, and 1 for the price and for the label. */
  public double faults() {
    double slots = score.slots() == 0 ? 0 : 1 - (double) score.right() / score.slots();
    return slots + (score.priceRight() ? 0 : 1) + (labelRight() ? 0 : 1);
  }
}
