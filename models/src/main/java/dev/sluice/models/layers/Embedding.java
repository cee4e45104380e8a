package dev.sluice.models.layers;

import dev.sluice.models.weights.Weights;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** A table of rows looked up by id. Owned by the device thread. */
public final class Embedding {
  private final Tensor weight;

  private Embedding(Tensor weight) {
    this.weight = weight;
  }

  /** Loads "weight" [rows, width]. */
  public static Embedding load(Weights weights, long rows, long width) {
    return new Embedding(weights.tensor("weight", rows, width));
  }

  /** int64 [N] to [N, width]. */
  public Tensor apply(Tensor ids) {
    return torch.embedding(weight, ids);
  }

  /** The table [rows, width], for models that use it as their output head too. */
  public Tensor weight() {
    return weight;
  }
}
