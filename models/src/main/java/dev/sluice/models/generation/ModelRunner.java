package dev.sluice.models.generation;

import dev.sluice.models.generation.Batch.Chunk;
import dev.sluice.models.generation.Batch.Phase;
import dev.sluice.models.language.KvCache;
import dev.sluice.models.language.LanguageModel;
import dev.sluice.models.language.PackedPass;
import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.tensor.TorchRuntime;
import dev.sluice.models.value.Dtype;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Turns batches into tensors, runs the model, reads the result. Owned by the device thread. */
public final class ModelRunner {
  private final LanguageModel model;
  private final KvCache cache;
  private final Device device;
  private final Dtype dtype;

  public ModelRunner(LanguageModel model, KvCache cache) {
    this.model = model;
    this.cache = cache;
    this.device = cache.device();
    this.dtype = cache.dtype();
  }

  public LanguageModel model() {
    return model;
  }

  /**
   * Runs a step.
   *
   * @return the chosen token of every sequence whose chunk yields one
   */
  public Map<Sequence, SampledToken> run(Batch batch) {
    PackedBatch packed = new PackedBatch(batch, cache.blockSize(), model.width(), dtype);
    try (TorchRuntime.Inference inference = TorchRuntime.inference();
        TensorScope scope = new TensorScope()) {
      PackedPass pass =
          PackedPass.cached(packed.positions(), packed.slots(), packed.groups(), cache);
      Tensor hidden = model.forward(embed(packed), pass); // [N, E]
      List<Sequence> yielding =
          packed.order().stream().filter(Chunk::yieldsToken).map(Chunk::sequence).toList();
      if (yielding.isEmpty()) {
        return Map.of();
      }
      Tensor logits = logits(hidden, packed.yieldingRows()); // [R, vocabulary]
      boolean greedy = yielding.stream().allMatch(sequence -> sequence.options().isGreedy());
      return greedy ? likeliest(yielding, logits) : sampled(yielding, logits);
    }
  }

  /**
   * Runs whole prompts without the cache.
   *
   * @return logits of each prompt's last position, one row per sequence
   */
  public List<float[]> lastLogits(List<Sequence> sequences) {
    PackedBatch packed = prompts(sequences);
    try (TorchRuntime.Inference inference = TorchRuntime.inference();
        TensorScope scope = new TensorScope()) {
      Tensor logits = logits(forwardPrompts(packed), packed.yieldingRows());
      List<float[]> rows = rows(logits);
      Map<Sequence, float[]> bySequence = new HashMap<>();
      for (int i = 0; i < rows.size(); i++) {
        bySequence.put(packed.order().get(i).sequence(), rows.get(i));
      }
      return sequences.stream().map(bySequence::get).toList();
    }
  }

  /** What enters the first layer for a whole prompt: float32 [T, E], row by row. */
  public float[] promptEmbeddings(Sequence sequence) {
    try (TorchRuntime.Inference inference = TorchRuntime.inference();
        TensorScope scope = new TensorScope()) {
      return Tensors.toFloats(embed(prompts(List.of(sequence))));
    }
  }

  /** Logits of every position of a prompt: [T][vocabulary]. */
  public List<float[]> allLogits(Sequence sequence) {
    PackedBatch packed = prompts(List.of(sequence));
    try (TorchRuntime.Inference inference = TorchRuntime.inference();
        TensorScope scope = new TensorScope()) {
      Tensor logits = model.logits(forwardPrompts(packed));
      return rows(Tensors.to(logits, device, ScalarType.Float));
    }
  }

  private PackedBatch prompts(List<Sequence> sequences) {
    List<Chunk> chunks = new ArrayList<>();
    for (Sequence sequence : sequences) {
      chunks.add(new Chunk(sequence, 0, sequence.prompt().length(), Phase.PREFILL));
    }
    return new PackedBatch(new Batch(chunks), cache.blockSize(), model.width(), dtype);
  }

  private Tensor forwardPrompts(PackedBatch packed) {
    PackedPass pass = PackedPass.uncached(packed.positions(), packed.groups(), device);
    return model.forward(embed(packed), pass);
  }

  /** Text rows from the table, visual rows from the pictures: [N, E]. */
  private Tensor embed(PackedBatch packed) {
    Tensor x = model.embed(indices(packed.ids())); // [N, E]
    int[] rows = packed.visualRows();
    if (rows.length > 0) {
      Tensor visual =
          Tensors.ofRaw(packed.visualData(), Tensors.scalarType(dtype), rows.length, model.width());
      x.index_copy_(0, indices(rows), Tensors.to(visual, device, dtype));
    }
    return x;
  }

  /** float32 [R, vocabulary]. */
  private Tensor logits(Tensor hidden, int[] rows) {
    Tensor selected = torch.index_select(hidden, 0, indices(rows));
    return Tensors.to(model.logits(selected), device, ScalarType.Float);
  }

  private Tensor indices(int[] values) {
    return Tensors.to(Tensors.ofInts(values, values.length), device, ScalarType.Long);
  }

  private static Map<Sequence, SampledToken> likeliest(List<Sequence> sequences, Tensor logits) {
    Tensor best = torch.argmax(logits, new LongOptional(-1), true); // [R, 1]
    Tensor logprobs = torch.log_softmax(logits, -1).gather(1, best);
    long[] ids = Tensors.toLongs(best);
    float[] values = Tensors.toFloats(logprobs);
    Map<Sequence, SampledToken> tokens = new HashMap<>();
    for (int i = 0; i < ids.length; i++) {
      tokens.put(sequences.get(i), new SampledToken(Math.toIntExact(ids[i]), values[i]));
    }
    return tokens;
  }

  private static Map<Sequence, SampledToken> sampled(List<Sequence> sequences, Tensor logits) {
    List<float[]> rows = rows(logits);
    Map<Sequence, SampledToken> tokens = new HashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      tokens.put(sequences.get(i), sequences.get(i).sampler().sample(rows.get(i)));
    }
    return tokens;
  }

  private static List<float[]> rows(Tensor matrix) {
    float[] all = Tensors.toFloats(matrix);
    int width = Math.toIntExact(matrix.size(1));
    List<float[]> rows = new ArrayList<>();
    for (int start = 0; start < all.length; start += width) {
      rows.add(Arrays.copyOfRange(all, start, start + width));
    }
    return rows;
  }
}
