package dev.sluice.models.layers;

import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.weights.Weights;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Rotary positions whose base grows with the prompt, so that a model reads prompts longer than it
 * was trained on. Owned by the device thread.
 *
 * <p>Qwen 1 ({@code modeling_qwen.py}, {@code use_dynamic_ntk}): a prompt of up to 2^c times the
 * trained length turns with base · (2^(c+1) - 1)^(D / (D - 2)). The base is that of the prompt for
 * the whole text, however long it grows, so rows of one pass may differ in it. Angles are computed
 * and applied in float32, as the reference does.
 */
public final class DynamicNtkRotary {
  private static final int MAX_DOUBLINGS = 20;

  private final Device device;
  private final int trainedLength;
  private final Tensor frequencies; // float32 [doublings, D / 2]

  private DynamicNtkRotary(Device device, int trainedLength, Tensor frequencies) {
    this.device = device;
    this.trainedLength = trainedLength;
    this.frequencies = frequencies;
  }

  /**
   * @param owner closes the frequencies when it closes
   * @param trainedLength positions up to which the base stays as it is
   */
  public static DynamicNtkRotary create(
      Weights owner, int headSize, double base, int trainedLength) {
    int half = headSize / 2;
    float[] frequencies = new float[(MAX_DOUBLINGS + 1) * half];
    for (int doublings = 0; doublings <= MAX_DOUBLINGS; doublings++) {
      double alpha = (2L << doublings) - 1;
      double grown = base * Math.pow(alpha, headSize / (headSize - 2.0));
      for (int i = 0; i < half; i++) {
        frequencies[doublings * half + i] = (float) (1 / Math.pow(grown, 2.0 * i / headSize));
      }
    }
    Tensor host = Tensors.ofFloats(frequencies, MAX_DOUBLINGS + 1L, half);
    return new DynamicNtkRotary(
        owner.device(), trainedLength, owner.keep(Tensors.to(host, owner.device(), Dtype.FLOAT32)));
  }

  /**
   * The angles of a pass's rows.
   *
   * @param positions int64 [N]
   * @param promptLengths of the prompt that each row's text began with, [N]
   */
  public RotaryEmbedding.Rows rows(Tensor positions, int[] promptLengths) {
    int[] doublings = Arrays.stream(promptLengths).map(this::doublings).toArray();
    Tensor host = Tensors.ofInts(doublings, doublings.length);
    Tensor rowFrequencies =
        torch.index_select(frequencies, 0, Tensors.to(host, device, ScalarType.Long));
    Tensor exact = Tensors.to(positions, device, ScalarType.Float).unsqueeze(1);
    Tensor angles = rowFrequencies.mul_(exact).unsqueeze(1); // [N, 1, D / 2]
    Tensor cosines = torch.cos(angles);
    Tensor sines = torch.sin(angles);
    return new RotaryEmbedding.Rows(
        torch.cat(new TensorVector(cosines, cosines), 2),
        torch.cat(new TensorVector(torch.neg(sines), sines), 2));
  }

  /** How often the trained length must be doubled to hold the prompt. */
  private int doublings(int promptLength) {
    int doublings = 0;
    while ((long) trainedLength << doublings < promptLength && doublings < MAX_DOUBLINGS) {
      doublings++;
    }
    return doublings;
  }
}
