package dev.sluice.models.layers;

import dev.sluice.models.weights.Weights;
import org.bytedeco.pytorch.Tensor;

/**
 * A matrix that all rows share, and the low-rank update of each row's own adapter. Owned by the
 * device thread.
 */
public final class LoraLinear {
  private final Linear base;
  private final LowRankUpdates updates;

  private LoraLinear(Linear base, LowRankUpdates updates) {
    this.base = base;
    this.updates = updates;
  }

  /**
   * Loads the biased matrix {@code name} and the adapters {@code name_lora.0} and on.
   *
   * @param adapters how many; 0 for the matrix alone
   */
  public static LoraLinear load(Weights weights, String name, int adapters, long in, long out) {
    return new LoraLinear(
        Linear.load(weights.under(name), in, out),
        LowRankUpdates.load(weights.under(name + "_lora"), adapters, in, out));
  }

  /** A matrix and the one adapter of a scope, where the checkpoint has it. */
  public static LoraLinear withOne(Linear base, Weights adapter, long in, long out) {
    return new LoraLinear(base, LowRankUpdates.loadOne(adapter, in, out));
  }

  /** [N, in] to [N, out], all rows through the one adapter. */
  public Tensor apply(Tensor x) {
    Tensor y = base.apply(x);
    updates.addTo(y, x);
    return y;
  }

  /** [N, in] to [N, out]. */
  public Tensor apply(Tensor x, AdapterRows rows) {
    Tensor y = base.apply(x);
    updates.addTo(y, x, rows);
    return y;
  }
}
