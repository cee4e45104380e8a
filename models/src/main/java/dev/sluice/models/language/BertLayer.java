package dev.sluice.models.language;

import dev.sluice.models.layers.BertCrossAttention;
import dev.sluice.models.layers.BertFeedForward;
import dev.sluice.models.layers.BertSelfAttention;
import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.weights.Weights;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * One layer of BLIP's BERT: attention to the text, attention to the picture where the pass has one,
 * feed-forward, each followed by its norm. Owned by the device thread.
 */
final class BertLayer {
  private final int index;
  private final HeadLayout heads;
  private final BertSelfAttention attention;
  private final BertCrossAttention crossAttention;
  private final BertFeedForward feedForward;

  BertLayer(Weights weights, int index, BertConfig config) {
    this.index = index;
    this.heads = config.headLayout();
    int width = config.hiddenSize();
    double epsilon = config.layerNormEpsilon();
    this.attention =
        BertSelfAttention.load(
            weights.under("attention", "self"),
            weights.under("attention", "output"),
            width,
            epsilon);
    this.crossAttention =
        BertCrossAttention.load(
            weights.under("crossattention", "self"),
            weights.under("crossattention", "output"),
            width,
            config.memoryWidth(),
            epsilon);
    this.feedForward =
        BertFeedForward.load(
            weights.under("intermediate"),
            weights.under("output"),
            new BertFeedForward.Shape(width, config.intermediateSize()),
            config.activation(),
            epsilon);
  }

  /** [N, E] to [N, E]. */
  Tensor apply(Tensor x, PackedPass pass) {
    try (TensorScope scope = new TensorScope()) {
      Tensor hidden = attention.apply(x, qkv -> pass.attend(index, qkv, heads));
      Optional<PackedMemory> memory = pass.memory();
      if (memory.isPresent()) {
        hidden = crossAttention.apply(hidden, q -> attend(q, memory.get()));
      }
      return scope.pass(feedForward.apply(hidden));
    }
  }

  private Tensor attend(Tensor q, PackedMemory memory) {
    return memory.attend(index, q, crossAttention::keysAndValues, heads);
  }
}
