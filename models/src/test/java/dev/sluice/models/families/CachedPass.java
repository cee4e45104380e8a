package dev.sluice.models.families;

import dev.sluice.models.language.KvCache;
import dev.sluice.models.language.LanguageModel;
import dev.sluice.models.language.PackedPass;
import dev.sluice.models.language.SegmentGroup;
import dev.sluice.models.language.SegmentGroup.Segment;
import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.tensor.TorchRuntime;
import dev.sluice.models.value.Dtype;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/** Feeds one text token by token through a float32 model with a cache of its own. */
final class CachedPass implements AutoCloseable {
  private static final int BLOCK_SIZE = 16;
  private static final int BLOCKS = 64;

  private final LanguageModel model;
  private final KvCache cache;
  private final int promptLength;
  private int length;

  /**
   * @param prompt what enters the first layer, [T, E]
   */
  CachedPass(LanguageModel model, float[] prompt) {
    this.model = model;
    this.cache = new KvCache(model.kvShape(), BLOCKS, BLOCK_SIZE, Dtype.FLOAT32, Device.CPU);
    this.promptLength = prompt.length / model.width();
    try (TorchRuntime.Inference inference = TorchRuntime.inference();
        TensorScope scope = new TensorScope()) {
      run(Tensors.ofFloats(prompt, promptLength, model.width()));
    }
  }

  /** The logits behind one more token. */
  float[] feed(int id) {
    try (TorchRuntime.Inference inference = TorchRuntime.inference();
        TensorScope scope = new TensorScope()) {
      return Tensors.toFloats(model.logits(run(model.embed(Tensors.ofInts(new int[] {id}, 1)))));
    }
  }

  private Tensor run(Tensor x) {
    int rows = Math.toIntExact(x.size(0));
    int[] places = IntStream.range(length, length + rows).toArray(); // slots lie in order too
    List<Integer> blocks = IntStream.range(0, BLOCKS).boxed().toList();
    SegmentGroup group =
        new SegmentGroup(0, rows, 0, List.of(new Segment(length, blocks, List.of(), promptLength)));
    Tensor hidden = model.forward(x, PackedPass.cached(places, places, List.of(group), cache));
    length += rows;
    return hidden;
  }

  @Override
  public void close() {
    cache.close();
  }
}
