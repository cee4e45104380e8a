package dev.sluice.models.families.parts;

import dev.sluice.models.LabelScorer;
import dev.sluice.models.language.BertEncoder;
import dev.sluice.models.layers.Linear;
import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.tensor.TorchRuntime;
import dev.sluice.models.value.LabelScores;
import dev.sluice.models.value.VisualTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Scores labels by whether their texts belong to the picture, each by itself: every text is read
 * with the picture beside it. Owned by the device thread.
 *
 * <p>transformers {@code BlipForImageTextRetrieval} with {@code use_itm_head}.
 */
public final class MatchScorer implements LabelScorer {
  private final TextCodec codec;
  private final BertEncoder reader;
  private final Linear head;
  private final Device device;

  /**
   * @param head [2, E]: no match, match
   */
  public MatchScorer(TextCodec codec, BertEncoder reader, Linear head, Device device) {
    this.codec = codec;
    this.reader = reader;
    this.head = head;
    this.device = device;
  }

  /** One request after the other: a picture's texts are one batch. */
  @Override
  public List<LabelScores> score(List<Request> requests) {
    return requests.stream().map(this::score).toList();
  }

  private LabelScores score(Request request) {
    try (TorchRuntime.Inference inference = TorchRuntime.inference();
        TensorScope scope = new TensorScope()) {
      Tensor logits = logits(request.tokens(), OptionTexts.of(request.question()));
      List<Double> scores = new ArrayList<>();
      for (float score : Tensors.toFloats(matches(logits))) {
        scores.add((double) score);
      }
      return new LabelScores(scores, LabelScores.ScoreType.IMAGE_TEXT_MATCH);
    }
  }

  /** [L, 2], float32: each text with the picture. Runs in the caller's scope. */
  Tensor logits(VisualTokens picture, List<String> texts) {
    List<int[]> ids = texts.stream().map(this::ids).toList();
    Tensor memory =
        TokenRows.stack(List.of(picture), device).expand(texts.size(), -1, -1); // [L, M, W]
    Tensor first = reader.encode(ids, Optional.of(memory)); // [L, E]
    return Tensors.to(head.apply(first), device, ScalarType.Float);
  }

  /** [L, 2] to [L]: the probability of a match. */
  static Tensor matches(Tensor logits) {
    return torch.softmax(logits, 1).select(1, 1);
  }

  private int[] ids(String text) {
    return codec.encodeWithSpecialTokens(text).stream().mapToInt(codec::requireKnown).toArray();
  }
}
