package dev.sluice.operators.device;

import dev.sluice.operators.memory.CostCorrection;

/**
 * How large a batch may be, by what the device has had room for: plain arithmetic. Owned by the
 * device thread.
 *
 * <p>What runs out of memory is halved. Full batches that fit let it grow again by one, up to what
 * is known to fail; that is tried again only now and then, since every failure costs a run.
 */
final class BatchLimit {
  private static final int NONE = Integer.MAX_VALUE;

  /** Full batches before a size that has failed is tried again. */
  static final int PATIENCE = 64;

  private final CostCorrection correction;
  private int largest = NONE;
  private int failed = NONE;
  private int fullBatches;

  /** The largest that was thought to fit, 0 while all did. */
  private int estimated;

  BatchLimit(CostCorrection correction) {
    this.correction = correction;
  }

  /** The size to form next. */
  int of(int maxSize) {
    return Math.min(maxSize, largest);
  }

  /** The device had no room for so much. */
  void ranOut(int size) {
    estimated = Math.max(estimated, size);
    failed = Math.min(failed, size);
    largest = Math.min(largest, Math.max(1, size / 2));
    fullBatches = 0;
    correction.set(this, (double) estimated / largest);
  }

  /** The device had room for so much. */
  void fitted(int size) {
    if (size < largest) {
      return;
    }
    if (size >= failed) {
      failed = NONE;
    }
    largest = size;
    fullBatches++;
    if (largest + 1 < failed || fullBatches >= PATIENCE) {
      largest++;
      fullBatches = 0;
    }
    if (largest >= estimated) {
      forget();
    } else {
      correction.set(this, (double) estimated / largest);
    }
  }

  /** Takes the estimates for right again. */
  void forget() {
    largest = NONE;
    failed = NONE;
    fullBatches = 0;
    estimated = 0;
    correction.set(this, 1);
  }
}
