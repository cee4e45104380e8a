package dev.sluice.models.layers;

import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.weights.Weights;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Rotary positions, half-split as Hugging Face lays heads out: element i turns with element i +
 * D/2. Owned by the device thread.
 *
 * <p>Su et al. 2021; transformers {@code modeling_llama.py}. Angles are computed in float32 and
 * rounded once to the model's type.
 */
public final class RotaryEmbedding {
  private final Tensor cosines; // [positions, 1, D]
  private final Tensor sines; // [positions, 1, D], the first half negated

  private RotaryEmbedding(Tensor cosines, Tensor sines) {
    this.cosines = cosines;
    this.sines = sines;
  }

  /**
   * Tables for positions 0 to {@code positions} - 1.
   *
   * @param owner closes the tables when it closes
   */
  public static RotaryEmbedding create(Weights owner, int headSize, double theta, int positions) {
    int half = headSize / 2;
    float[] cosines = new float[positions * headSize];
    float[] sines = new float[positions * headSize];
    for (int i = 0; i < half; i++) {
      float frequency = (float) (1 / Math.pow(theta, 2.0 * i / headSize));
      for (int position = 0; position < positions; position++) {
        float angle = position * frequency;
        int at = position * headSize + i;
        cosines[at] = (float) Math.cos(angle);
        cosines[at + half] = cosines[at];
        sines[at + half] = (float) Math.sin(angle);
        sines[at] = -sines[at + half];
      }
    }
    return new RotaryEmbedding(table(owner, cosines, positions), table(owner, sines, positions));
  }

  private static Tensor table(Weights owner, float[] values, int positions) {
    Tensor host = Tensors.ofFloats(values, positions, 1, values.length / positions);
    return owner.keep(Tensors.to(host, owner.device(), owner.dtype()));
  }

  /** The angles of a pass's rows. Lives in the scope that it was made in. */
  public static final class Rows {
    private final long half;
    private final Tensor cosines; // [N, 1, D]
    private final Tensor sines; // [N, 1, D], the first half negated

    Rows(Tensor cosines, Tensor sines) {
      this.half = cosines.size(2) / 2;
      this.cosines = cosines;
      this.sines = sines;
    }

    /**
     * Turns every head of every row in place, computed in the type of the angles.
     *
     * @param heads [N, H, D], queries and keys alike
     */
    public void rotate(Tensor heads) {
      Tensor turned = heads.to(cosines.scalar_type()); // heads itself where the types are equal
      Tensor swapped = torch.roll(turned, new long[] {half}, -1); // [N, H, D]
      heads.copy_(turned.mul_(cosines).addcmul_(swapped, sines));
    }
  }

  /**
   * @param positions int64 [N]
   */
  public Rows rows(Tensor positions) {
    return new Rows(
        torch.index_select(cosines, 0, positions), torch.index_select(sines, 0, positions));
  }
}
