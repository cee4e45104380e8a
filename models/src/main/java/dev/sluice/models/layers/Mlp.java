package dev.sluice.models.layers;

import dev.sluice.models.weights.Weights;
import org.bytedeco.pytorch.Tensor;

/** Two matrices with an activation between them. Owned by the device thread. */
public final class Mlp {
  private final Linear up;
  private final Activation activation;
  private final Linear down;

  private Mlp(Linear up, Activation activation, Linear down) {
    this.up = up;
    this.activation = activation;
    this.down = down;
  }

  /** Loads {@code fc1} [hidden, width] and {@code fc2} [width, hidden], both with a bias. */
  public static Mlp load(Weights weights, long width, long hidden, Activation activation) {
    return new Mlp(
        Linear.load(weights.under("fc1"), width, hidden),
        activation,
        Linear.load(weights.under("fc2"), hidden, width));
  }

  /** From two matrices. */
  public static Mlp of(Linear up, Activation activation, Linear down) {
    return new Mlp(up, activation, down);
  }

  /** [.., E in] to [.., E out]. */
  public Tensor apply(Tensor x) {
    return down.apply(up.apply(x, activation)); // [.., hidden] in between
  }
}
