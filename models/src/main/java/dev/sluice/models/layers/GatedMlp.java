package dev.sluice.models.layers;

import dev.sluice.models.weights.Weights;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * SwiGLU: down(silu(gate x) · up x), gate and up as one product. Owned by the device thread.
 *
 * <p>Shazeer 2020; transformers {@code LlamaMLP}.
 */
public final class GatedMlp {
  private final long hidden;
  private final Linear gateAndUp;
  private final Linear down;
  private final List<LowRankUpdates> updates;

  private GatedMlp(long hidden, Linear gateAndUp, Linear down, List<LowRankUpdates> updates) {
    this.hidden = hidden;
    this.gateAndUp = gateAndUp;
    this.down = down;
    this.updates = updates;
  }

  /** Loads {@code gate_proj}, {@code up_proj} [hidden, width] and {@code down_proj}, no biases. */
  public static GatedMlp load(Weights weights, long width, long hidden) {
    return load(
        weights.under("gate_proj"),
        weights.under("up_proj"),
        weights.under("down_proj"),
        width,
        hidden);
  }

  /** {@link #load(Weights, long, long)} from matrices of any name. */
  public static GatedMlp load(Weights gate, Weights up, Weights down, long width, long hidden) {
    Linear gateAndUp =
        Linear.loadStackedWithoutBias(List.of(gate, up), width, List.of(hidden, hidden));
    return new GatedMlp(hidden, gateAndUp, Linear.loadWithoutBias(down, hidden, width), List.of());
  }

  /** The same with one adapter on the gate and one on its twin, for all rows. */
  public GatedMlp adapted(LowRankUpdates gate, LowRankUpdates up) {
    return new GatedMlp(hidden, gateAndUp, down, List.of(gate, up));
  }

  /** [N, E] to [N, E]. */
  public Tensor apply(Tensor x) {
    Tensor both = gateAndUp.apply(x); // [N, 2 hidden]
    for (int i = 0; i < updates.size(); i++) {
      updates.get(i).addTo(both.narrow(1, i * hidden, hidden), x);
    }
    Tensor gated = torch.silu(both.narrow(1, 0, hidden)); // [N, hidden]
    return down.apply(gated.mul_(both.narrow(1, hidden, hidden)));
  }
}
