package dev.sluice.models.generation;

import dev.sluice.models.generation.Batch.BlockCopy;
import dev.sluice.models.generation.Batch.Chunk;
import dev.sluice.models.generation.Batch.Phase;
import dev.sluice.models.language.KvCache;
import dev.sluice.models.language.LanguageModel;
import dev.sluice.models.language.PackedMemory;
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
import java.util.function.Predicate;
import java.util.stream.IntStream;
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

  /** Runs a step: copies blocks, caches what the chunks bring, and says what may follow. */
  StepOutput run(Batch batch) {
    PackedBatch packed = pack(batch);
    try (TorchRuntime.Inference inference = TorchRuntime.inference();
        TensorScope scope = new TensorScope()) {
      if (!batch.copies().isEmpty()) {
        cache.copy(
            indices(batch.copies().stream().mapToInt(BlockCopy::from).toArray()),
            indices(batch.copies().stream().mapToInt(BlockCopy::to).toArray()));
      }
      Tensor hidden = model.forward(embed(packed), cachedPass(packed)); // [N, E]
      List<Sequence> yielding =
          packed.order().stream().filter(Chunk::yieldsToken).map(Chunk::sequence).toList();
      return yielding.isEmpty()
          ? new StepOutput()
          : output(yielding, logits(hidden, packed.yieldingRows()));
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
    return pack(new Batch(chunks, List.of()));
  }

  private PackedBatch pack(Batch batch) {
    batch.chunks().forEach(chunk -> requireFit(chunk.sequence().prompt()));
    return new PackedBatch(batch, cache.blockSize(), model.visualWidth(), dtype);
  }

  private void requireFit(PromptLayout prompt) {
    if (prompt.isBesidePicture() != model.attendsToMemory()) {
      throw new IllegalArgumentException(
          "prompt: expected the picture %s, found it %s"
              .formatted(
                  model.attendsToMemory() ? "beside the prompt" : "in the prompt",
                  prompt.isBesidePicture() ? "beside the prompt" : "in the prompt"));
    }
  }

  private PackedPass cachedPass(PackedBatch packed) {
    PackedPass pass = PackedPass.cached(packed.positions(), packed.slots(), packed.groups(), cache);
    if (!model.attendsToMemory()) {
      return pass;
    }
    VisualRows memory = packed.memory();
    return pass.withMemory(
        PackedMemory.cached(tensor(memory), memory.places(), packed.groups(), cache));
  }

  private Tensor forwardPrompts(PackedBatch packed) {
    PackedPass pass = PackedPass.uncached(packed.positions(), packed.groups(), device);
    if (model.attendsToMemory()) {
      pass = pass.withMemory(PackedMemory.uncached(tensor(packed.memory()), packed.groups()));
    }
    return model.forward(embed(packed), pass);
  }

  /** Text rows from the table, visual rows from the pictures: [N, E]. */
  private Tensor embed(PackedBatch packed) {
    Tensor x = model.embed(indices(packed.ids())); // [N, E]
    if (!packed.visual().isEmpty()) {
      x.index_copy_(0, indices(packed.visual().places()), tensor(packed.visual()));
    }
    return x;
  }

  /** [V, W] on the device. */
  private Tensor tensor(VisualRows rows) {
    Tensor onHost =
        Tensors.ofRaw(
            rows.data(), Tensors.scalarType(dtype), rows.places().length, model.visualWidth());
    return Tensors.to(onHost, device, dtype);
  }

  /** float32 [R, vocabulary]. */
  private Tensor logits(Tensor hidden, int[] rows) {
    Tensor selected = torch.index_select(hidden, 0, indices(rows));
    return Tensors.to(model.logits(selected), device, ScalarType.Float);
  }

  private Tensor indices(int[] values) {
    return Tensors.to(Tensors.ofInts(values, values.length), device, ScalarType.Long);
  }

  /**
   * @param logits [R, vocabulary], of the sequences in order; only rows that are looked at leave
   *     the device
   */
  private StepOutput output(List<Sequence> sequences, Tensor logits) {
    StepOutput output = new StepOutput();
    int[] greedy = rowsOf(sequences, sequence -> sequence.options().takesLikeliest());
    int[] others = rowsOf(sequences, sequence -> !sequence.options().takesLikeliest());
    if (greedy.length > 0) {
      addLikeliest(output, sequences, greedy, select(logits, greedy));
    }
    if (others.length > 0) {
      List<float[]> rows = rows(select(logits, others));
      for (int i = 0; i < others.length; i++) {
        output.addLogits(sequences.get(others[i]), rows.get(i));
      }
    }
    return output;
  }

  private static void addLikeliest(
      StepOutput output, List<Sequence> sequences, int[] which, Tensor logits) {
    Tensor best = torch.argmax(logits, new LongOptional(-1), true); // [R, 1]
    Tensor logprobs = torch.log_softmax(logits, -1).gather(1, best);
    long[] ids = Tensors.toLongs(best);
    float[] values = Tensors.toFloats(logprobs);
    for (int i = 0; i < ids.length; i++) {
      SampledToken token = new SampledToken(Math.toIntExact(ids[i]), values[i]);
      output.addLikeliest(sequences.get(which[i]), token);
    }
  }

  private static int[] rowsOf(List<Sequence> sequences, Predicate<Sequence> wanted) {
    return IntStream.range(0, sequences.size())
        .filter(i -> wanted.test(sequences.get(i)))
        .toArray();
  }

  private Tensor select(Tensor rows, int[] which) {
    return which.length == rows.size(0) ? rows : torch.index_select(rows, 0, indices(which));
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
