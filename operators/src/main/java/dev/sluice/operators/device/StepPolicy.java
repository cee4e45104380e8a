package dev.sluice.operators.device;

import dev.sluice.operators.ModelOptions.BatchOptions;
import java.util.Optional;

/**
 * Decides what the device does next for a model: plain arithmetic, no queue, no tensor. Immutable.
 *
 * <p>A batch is due when it is full or its oldest picture has waited for the linger time. Encoding
 * and generation take turns while both have work, so that neither starves: encoding fills the
 * sequences of the next steps, and a text under way moves on after every batch.
 */
record StepPolicy(BatchOptions batches) {

  /** What to do now, or nothing while it is better to wait. */
  Optional<Step> next(Pending pending, Step last) {
    boolean scoreDue = isDue(pending.scores(), pending.scoreAgeNanos());
    boolean encodeDue = isDue(pending.tiles(), pending.encodeAgeNanos());
    if (pending.generating() && last != Step.GENERATE) {
      return Optional.of(Step.GENERATE);
    }
    if (scoreDue && (last != Step.SCORE || !encodeDue)) {
      return Optional.of(Step.SCORE);
    }
    if (encodeDue) {
      return Optional.of(Step.ENCODE);
    }
    return pending.generating() ? Optional.of(Step.GENERATE) : Optional.empty();
  }

  /** How long until a batch is due by its age, where nothing is due now. */
  long waitNanos(Pending pending) {
    long linger = batches.linger().toNanos();
    long wait = Long.MAX_VALUE;
    if (pending.tiles() > 0) {
      wait = Math.min(wait, linger - pending.encodeAgeNanos());
    }
    if (pending.scores() > 0) {
      wait = Math.min(wait, linger - pending.scoreAgeNanos());
    }
    return Math.max(0, wait);
  }

  private boolean isDue(int size, long ageNanos) {
    return size > 0 && (size >= batches.maxTiles() || ageNanos >= batches.linger().toNanos());
  }

  /** Kinds of device work. */
  enum Step {
    ENCODE,
    SCORE,
    GENERATE
  }

  /**
   * What waits. Immutable.
   *
   * @param tiles tiles to encode
   * @param scores pictures to score
   * @param generating whether any text is to be generated
   */
  record Pending(
      int tiles, long encodeAgeNanos, int scores, long scoreAgeNanos, boolean generating) {}
}
