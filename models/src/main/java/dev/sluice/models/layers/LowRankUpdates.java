package dev.sluice.models.layers;

import dev.sluice.models.layers.AdapterRows.Run;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Low-rank adapters that read the same input and add to the same output: x Aᵀ Bᵀ · scale, with A, B
 * and scale chosen per row. Owned by the device thread.
 *
 * <p>Hu et al. 2021 (LoRA). They stay apart from the base matrix, which all rows share; an adapter
 * computes its own rows only and adds within its second product, so a batch that mixes adapters
 * costs no more than the same rows under one.
 */
public final class LowRankUpdates {
  private static final double KEEP = 1;

  private final List<Update> updates = new ArrayList<>();
  private final Scalar keep;

  /**
   * @param down [r, in]
   * @param up [r, out], transposed
   */
  private record Update(Tensor down, Tensor up, Scalar scale) {}

  private LowRankUpdates(Weights owner) {
    this.keep = owner.keep(new Scalar(KEEP));
  }

  /**
   * Loads adapters 0 to {@code count} - 1, each {@code lora_a.weight} [r, in], {@code
   * lora_b.weight} [out, r] and the learned {@code lora_scale} [1]; r may differ.
   */
  public static LowRankUpdates load(Weights weights, int count, long in, long out) {
    LowRankUpdates updates = new LowRankUpdates(weights);
    for (int i = 0; i < count; i++) {
      updates.add(weights.under(i), in, out);
    }
    return updates;
  }

  /** Loads the one adapter of this scope, number 0; none where the checkpoint has none. */
  public static LowRankUpdates loadOne(Weights weights, long in, long out) {
    LowRankUpdates updates = new LowRankUpdates(weights);
    if (weights.has("lora_a.weight")) {
      updates.add(weights, in, out);
    }
    return updates;
  }

  private void add(Weights weights, long in, long out) {
    long rank = weights.shape("lora_a.weight")[0];
    Tensor down = weights.tensor("lora_a.weight", rank, in);
    Tensor up = weights.keep(weights.tensor("lora_b.weight", out, rank).t());
    double scale = Tensors.toFloats(weights.tensor("lora_scale", 1))[0];
    updates.add(new Update(down, up, weights.keep(new Scalar(scale))));
  }

  /**
   * Adds each row's update in place.
   *
   * @param y [N, out]
   * @param x [N, in]
   * @throws IllegalArgumentException if a row asks for an adapter that there is not
   */
  public void addTo(Tensor y, Tensor x, AdapterRows rows) {
    for (Run run : rows.runs()) {
      add(
          require(run.adapter()),
          y.narrow(0, run.firstRow(), run.rows()),
          x.narrow(0, run.firstRow(), run.rows()));
    }
  }

  /** Adds the one adapter's update to all rows, in place; nothing where there is none. */
  public void addTo(Tensor y, Tensor x) {
    if (!updates.isEmpty()) {
      add(updates.get(0), y, x);
    }
  }

  private void add(Update update, Tensor y, Tensor x) {
    Tensor low = torch.linear(x, update.down()); // [n, r]
    y.addmm_(low, update.up(), keep, update.scale());
  }

  private Update require(int adapter) {
    if (adapter < 0 || adapter >= updates.size()) {
      throw new IllegalArgumentException(
          "adapter %d: expected one of the %d that are loaded".formatted(adapter, updates.size()));
    }
    return updates.get(adapter);
  }
}
