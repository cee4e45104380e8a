package dev.sluice.models.families.parts;

import dev.sluice.models.layers.Linear;
import dev.sluice.models.resampler.QFormer;
import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.tensor.TorchRuntime;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.VisualTokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Reads pictures under instructions with a Q-Former, and projects what it says to the language
 * model. Owned by the device thread.
 *
 * <p>transformers {@code InstructBlipForConditionalGeneration}. Instructions are packed, not
 * padded, so that each reads as it would alone; the reference pads its batches on the left, which
 * changes them.
 */
public final class QFormerTokens implements InstructedTokens {
  private final QFormer qformer;
  private final Linear projection;
  private final TextCodec codec;
  private final Target target;

  /**
   * Where the tokens go.
   *
   * @param width E of the language model
   * @param maxInstruction positions of the Q-Former
   */
  public record Target(int width, Dtype dtype, Device device, int maxInstruction) {}

  /**
   * @param codec of the Q-Former, which is not the language model's
   */
  public QFormerTokens(QFormer qformer, Linear projection, TextCodec codec, Target target) {
    this.qformer = qformer;
    this.projection = projection;
    this.codec = codec;
    this.target = target;
  }

  @Override
  public void requireReadable(String instruction) {
    ids(instruction);
  }

  @Override
  public List<VisualTokens> apply(
      List<VisualTokens> pictures, List<String> instructions, StageObserver observer) {
    List<int[]> ids = instructions.stream().map(this::ids).toList();
    try (TorchRuntime.Inference inference = TorchRuntime.inference();
        TensorScope scope = new TensorScope()) {
      QFormer.Instructed read = qformer.apply(TokenRows.stack(pictures, target.device()), ids);
      observer.stage("qformer", read.all().unsqueeze(0));
      Tensor tokens = projection.apply(read.queries()); // [B, Q, E]
      observer.stage("projector", tokens);
      return split(tokens, pictures);
    }
  }

  private int[] ids(String instruction) {
    List<Integer> ids = codec.encodeWithSpecialTokens(instruction);
    if (ids.size() > target.maxInstruction()) {
      throw new IllegalArgumentException(
          "prompt: expected at most %d tokens of instruction, found %d; shorten it"
              .formatted(target.maxInstruction(), ids.size()));
    }
    return ids.stream().mapToInt(codec::requireKnown).toArray();
  }

  private List<VisualTokens> split(Tensor tokens, List<VisualTokens> pictures) {
    byte[] bytes = Tensors.toBytes(tokens);
    int size = bytes.length / pictures.size();
    int rows = Math.toIntExact(tokens.size(1));
    List<VisualTokens> split = new ArrayList<>();
    for (int i = 0; i < pictures.size(); i++) {
      byte[] own = Arrays.copyOfRange(bytes, i * size, (i + 1) * size);
      split.add(
          new VisualTokens(pictures.get(i).plan(), rows, target.width(), target.dtype(), own));
    }
    return split;
  }
}
