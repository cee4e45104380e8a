package dev.sluice.operators.device;

import dev.sluice.operators.ModelOptions.BatchOptions;
import java.util.Optional;

/**
 * Decides what the device does next for a model: plain arithmetic, no queue, no tensor. Immutable.
 *
 * <p>A batch is due when it is full or its oldest picture has waited for the linger time. Encoding
 * and generation take turns while both have work, so that neither starves: encoding fills the
 * sequences of the next steps, and a text under way moves on after every batch. While encoded
 * pictures wait for a place among the texts, nobody needs more of them: encoding waits until its
 * batch is full.
 */
record StepPolicy(BatchOptions batches) {

  /** What to do now, or nothing while it is better to wait. */
  Optional<Step> next(Pending pending, Step last) {
    boolean scoreDue = isDue(pending.scores());
    boolean encodeDue =
        pending.texts() == Texts.CROWDED ? isFull(pending.encodes()) : isDue(pending.encodes());
    boolean generating = pending.texts() != Texts.NONE;
    if (generating && last != Step.GENERATE) {
      return Optional.of(Step.GENERATE);
    }
    if (scoreDue && (last != Step.SCORE || !encodeDue)) {
      return Optional.of(Step.SCORE);
    }
    if (encodeDue) {
      return Optional.of(Step.ENCODE);
    }
    return generating ? Optional.of(Step.GENERATE) : Optional.empty();
  }

  /** How long until a batch is due by its age, where nothing is due now. */
  long waitNanos(Pending pending) {
    return Math.min(waitNanos(pending.encodes()), waitNanos(pending.scores()));
  }

  private long waitNanos(Waiting waiting) {
    return waiting.size() == 0
        ? Long.MAX_VALUE
        : Math.max(0, batches.linger().toNanos() - waiting.ageNanos());
  }

  private boolean isDue(Waiting waiting) {
    return isFull(waiting)
        || (waiting.size() > 0 && waiting.ageNanos() >= batches.linger().toNanos());
  }

  private static boolean isFull(Waiting waiting) {
    return waiting.size() > 0 && waiting.size() >= waiting.fullSize();
  }

  /** Kinds of device work. */
  enum Step {
    ENCODE,
    SCORE,
    GENERATE
  }

  /** Texts to be generated. */
  enum Texts {
    NONE,
    /** All of them can run. */
    SOME,
    /** More than can run at once. */
    CROWDED
  }

  /** What waits. Immutable. */
  record Pending(Waiting encodes, Waiting scores, Texts texts) {}

  /**
   * What waits for one kind of batch. Immutable.
   *
   * @param size tiles, or pictures to score
   * @param fullSize of a batch, as far as the device has room now
   * @param ageNanos of the oldest
   */
  record Waiting(int size, int fullSize, long ageNanos) {}
}
