package dev.sluice.models.families.parts;

import dev.sluice.models.LabelScorer;
import dev.sluice.models.layers.TensorCache;
import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.tensor.TorchRuntime;
import dev.sluice.models.value.LabelScores;
import dev.sluice.models.value.VisualTokens;
import dev.sluice.models.weights.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * Scores labels by how like their texts are to the picture. Owned by the device thread.
 *
 * <p>A question's options are the texts. Where its prompt holds {@code {}} it is a template, and
 * each option is put in there. The features of a question's texts are computed once and kept.
 */
public final class ContrastiveScorer implements LabelScorer {
  private final Device device;
  private final Similarity similarity;
  private final TensorCache<List<String>> textFeatures; // [L, E], normalised

  /**
   * @param owner closes the kept features when it closes
   */
  public ContrastiveScorer(Weights owner, TextTower texts, Similarity similarity) {
    this.device = owner.device();
    this.similarity = similarity;
    this.textFeatures = new TensorCache<>(owner, list -> Similarity.normalized(texts.embed(list)));
  }

  /**
   * What pictures and texts are compared by.
   *
   * @param images [B, E], normalised
   * @param texts [L, E], normalised
   * @param logits [B, L]
   * @param scores [B, L]
   */
  record Comparison(Tensor images, Tensor texts, Tensor logits, Tensor scores) {}

  @Override
  public List<LabelScores> score(List<Request> requests) {
    Map<List<String>, List<Integer>> byTexts = new LinkedHashMap<>();
    for (int i = 0; i < requests.size(); i++) {
      byTexts
          .computeIfAbsent(OptionTexts.of(requests.get(i).question()), unused -> new ArrayList<>())
          .add(i);
    }
    LabelScores[] scores = new LabelScores[requests.size()];
    byTexts.forEach(
        (texts, indices) -> {
          List<VisualTokens> pictures =
              indices.stream().map(index -> requests.get(index).tokens()).toList();
          float[] found = scores(pictures, texts);
          for (int i = 0; i < indices.size(); i++) {
            scores[indices.get(i)] = row(found, i, texts.size());
          }
        });
    return List.of(scores);
  }

  private float[] scores(List<VisualTokens> pictures, List<String> texts) {
    try (TorchRuntime.Inference inference = TorchRuntime.inference();
        TensorScope scope = new TensorScope()) {
      return Tensors.toFloats(compare(pictures, texts).scores());
    }
  }

  /** Runs in the caller's scope. */
  Comparison compare(List<VisualTokens> pictures, List<String> texts) {
    Tensor images = Similarity.normalized(TokenRows.stack(pictures, device).select(1, 0));
    Tensor features = textFeatures.get(texts);
    Tensor logits = similarity.logits(images, features);
    return new Comparison(images, features, logits, similarity.scores(logits));
  }

  private LabelScores row(float[] scores, int row, int labels) {
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < labels; i++) {
      values.add((double) scores[row * labels + i]);
    }
    return new LabelScores(values, similarity.type());
  }
}
