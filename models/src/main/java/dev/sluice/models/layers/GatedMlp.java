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

  private GatedMlp(long hidden, Linear gateAndUp, Linear down) {
    this.hidden = hidden;
    this.gateAndUp = gateAndUp;
    this.down = down;
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
    return new GatedMlp(hidden, gateAndUp, Linear.loadWithoutBias(down, hidden, width));
  }

  /** [N, E] to [N, E]. */
  public Tensor apply(Tensor x) {
    Tensor both = gateAndUp.apply(x); // [N, 2 hidden]
    Tensor gated = torch.silu(both.narrow(1, 0, hidden)); // [N, hidden]
    return down.apply(gated.mul_(both.narrow(1, hidden, hidden)));
  }
}
