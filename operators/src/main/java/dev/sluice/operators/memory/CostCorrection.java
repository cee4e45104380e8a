package dev.sluice.operators.memory;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many times its estimate a picture's work really takes on a device, by what the device has had
 * room for. Thread-safe.
 *
 * <p>Estimates come from counting tensors. Where a device runs out of memory on a batch that they
 * allowed, pictures are admitted at their corrected cost until full batches fit again.
 */
public final class CostCorrection {
  private final Map<Object, Double> factors = new ConcurrentHashMap<>();

  /**
   * @param work what was found to take more or less than before
   * @param factor 1 where the estimate holds
   */
  public void set(Object work, double factor) {
    if (factor > 1) {
      factors.put(work, factor);
    } else {
      factors.remove(work);
    }
  }

  /** 1 or more: that of the work that was estimated worst. */
  public double factor() {
    return factors.values().stream().mapToDouble(Double::doubleValue).max().orElse(1);
  }
}
