package dev.sluice.models.language;

import dev.sluice.models.language.SegmentGroup.Segment;
import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * BLIP's reader of whole texts: every word sees the words on both sides, and the picture where
 * there is one. Owned by the device thread.
 *
 * <p>Li et al. 2022 (arXiv 2201.12086); {@code text_encoder} of transformers {@code
 * BlipForImageTextRetrieval}. Texts are packed, so none is padded.
 */
public final class BertEncoder {
  private final BertModel bert;
  private final Device device;

  private BertEncoder(BertModel bert, Device device) {
    this.bert = bert;
    this.device = device;
  }

  /** Loads {@code embeddings} and {@code encoder.layer}. */
  public static BertEncoder load(Weights weights, BertConfig config) {
    return new BertEncoder(BertModel.load(weights, config), weights.device());
  }

  /**
   * Reads texts.
   *
   * @param texts the token ids of B texts
   * @param memory [B, M, W], the rows that each text attends to; empty to read the text alone
   * @return hidden states of each text's first token, [B, E]
   */
  public Tensor encode(List<int[]> texts, Optional<Tensor> memory) {
    int memoryRows = memory.map(rows -> Math.toIntExact(rows.size(1))).orElse(0);
    List<SegmentGroup> groups = new ArrayList<>();
    int firstRow = 0;
    for (int[] text : texts) {
      Segment whole = new Segment(0, List.of(), List.of(), text.length);
      groups.add(new SegmentGroup(firstRow, text.length, memoryRows, List.of(whole)));
      firstRow += text.length;
    }
    PackedPass pass = PackedPass.bidirectional(positions(texts), groups, device);
    if (memory.isPresent()) {
      pass = pass.withMemory(PackedMemory.uncached(memory.get().flatten(0, 1), groups));
    }
    int[] ids = texts.stream().flatMapToInt(IntStream::of).toArray();
    Tensor hidden = bert.forward(bert.words().apply(indices(ids)), pass); // [N, E]
    int[] firstRows = groups.stream().mapToInt(SegmentGroup::firstRow).toArray();
    return torch.index_select(hidden, 0, indices(firstRows));
  }

  private static int[] positions(List<int[]> texts) {
    return texts.stream().flatMapToInt(text -> IntStream.range(0, text.length)).toArray();
  }

  private Tensor indices(int[] values) {
    return Tensors.to(Tensors.ofInts(values, values.length), device, ScalarType.Long);
  }
}
