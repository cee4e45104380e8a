package dev.sluice.models.vision;

import dev.sluice.models.layers.Activation;
import dev.sluice.models.layers.Embedding;
import dev.sluice.models.layers.EncoderLayer;
import dev.sluice.models.layers.GridFeatures;
import dev.sluice.models.layers.LayerNorm;
import dev.sluice.models.layers.Linear;
import dev.sluice.models.layers.Segments;
import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * ViLT for questions: words and embedded patches in one transformer, whose first row is classified.
 * Owned by the device thread.
 *
 * <p>Kim et al. 2021 (arXiv 2102.03334); transformers {@code ViltForQuestionAnswering}. Pairs of
 * question and picture are packed one behind the other, so pictures of any shape run together
 * without masks.
 */
public final class ViltModel {
  private static final double HEAD_EPSILON = 1e-5;

  private final Device device;
  private final PatchEmbedding patches;
  private final Embedding words;
  private final Embedding positions;
  private final Tensor firstType; // [E]
  private final LayerNorm wordNorm;
  private final Tensor textModality; // [E]
  private final Tensor pictureModality; // [E]
  private final List<EncoderLayer> layers = new ArrayList<>();
  private final LayerNorm finalNorm;
  private final Linear pooler;
  private final Linear hidden;
  private final LayerNorm hiddenNorm;
  private final Linear answers;

  /**
   * Sizes beside those of the layers. Immutable.
   *
   * @param modalities rows of the table whose row 0 marks words and row 1 patches
   */
  public record Sizes(int vocabulary, int maxWords, int wordTypes, int modalities, int answers) {}

  private ViltModel(Weights weights, VisionConfig config, Sizes sizes) {
    this.device = weights.device();
    int width = config.hiddenSize();
    double epsilon = config.layerNormEpsilon();
    Weights vilt = weights.under("vilt");
    Weights embeddings = vilt.under("embeddings");
    Weights text = embeddings.under("text_embeddings");
    this.patches = PatchEmbedding.vilt(embeddings, config);
    this.words = Embedding.load(text.under("word_embeddings"), sizes.vocabulary(), width);
    this.positions = Embedding.load(text.under("position_embeddings"), sizes.maxWords(), width);
    Tensor types = text.tensor("token_type_embeddings.weight", sizes.wordTypes(), width);
    this.firstType = weights.keep(types.select(0, 0));
    this.wordNorm = LayerNorm.load(text.under("LayerNorm"), width, epsilon);
    Tensor modalities =
        embeddings.tensor("token_type_embeddings.weight", sizes.modalities(), width);
    this.textModality = weights.keep(modalities.select(0, 0));
    this.pictureModality = weights.keep(modalities.select(0, 1));
    for (int i = 0; i < config.layers(); i++) {
      layers.add(EncoderLayer.loadVit(vilt.under("encoder", "layer", i), config.layerSizes()));
    }
    this.finalNorm = LayerNorm.load(vilt.under("layernorm"), width, epsilon);
    this.pooler = Linear.load(vilt.under("pooler", "dense"), width, width);
    Weights head = weights.under("classifier");
    this.hidden = Linear.load(head.under(0), width, 2L * width);
    this.hiddenNorm = LayerNorm.load(head.under(1), 2L * width, HEAD_EPSILON);
    this.answers = Linear.load(head.under(3), 2L * width, sizes.answers());
  }

  /** Loads {@code vilt} and {@code classifier}. */
  public static ViltModel load(Weights weights, VisionConfig config, Sizes sizes) {
    return new ViltModel(weights, config, sizes);
  }

  /** Embeds pictures: a class token, then the patches, marked as a picture's. */
  public VisionTower pictures() {
    return groups -> {
      Segments segments = patches.segments(groups);
      Tensor x = patches.apply(groups, segments).add_(pictureModality); // [N, E]
      List<GridFeatures> features = new ArrayList<>();
      for (int i = 0; i < groups.size(); i++) {
        features.add(new GridFeatures(groups.get(i).grid(), segments.groups().get(i).of(x)));
      }
      return features;
    };
  }

  /** A question and a picture. */
  public record Pair(List<Integer> words, Tensor picture) {
    public Pair {
      words = List.copyOf(words);
    }
  }

  /**
   * @param pairs at least one; pictures [1 + P, E] from {@link #pictures()}
   * @return [B, answers]
   */
  public Tensor logits(List<Pair> pairs) {
    TensorVector rows = new TensorVector();
    List<Segments.Group> groups = new ArrayList<>();
    int row = 0;
    for (Pair pair : pairs) {
      rows.push_back(words(pair.words()));
      rows.push_back(pair.picture());
      int length = pair.words().size() + Math.toIntExact(pair.picture().size(0));
      groups.add(new Segments.Group(row, 1, length));
      row += length;
    }
    return classify(torch.cat(rows, 0), new Segments(groups));
  }

  /** [T] to [T, E]. */
  private Tensor words(List<Integer> ids) {
    int[] values = ids.stream().mapToInt(Integer::intValue).toArray();
    Tensor embedded = words.apply(indices(values)).add_(firstType);
    Tensor places = positions.weight().narrow(0, 0, values.length);
    return wordNorm.apply(embedded.add_(places)).add_(textModality);
  }

  private Tensor classify(Tensor x, Segments segments) {
    layers.forEach(layer -> layer.update(x, segments));
    int[] first = segments.groups().stream().mapToInt(Segments.Group::firstRow).toArray();
    Tensor selected = torch.index_select(x, 0, indices(first)); // [B, E]
    Tensor pooled = pooler.apply(finalNorm.apply(selected)).tanh_();
    return answers.apply(Activation.GELU.consume(hiddenNorm.apply(hidden.apply(pooled))));
  }

  private Tensor indices(int[] values) {
    return Tensors.to(Tensors.ofInts(values, values.length), device, ScalarType.Long);
  }
}
