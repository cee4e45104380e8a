package dev.sluice.models.language;

import dev.sluice.models.layers.Embedding;
import dev.sluice.models.layers.EncoderLayer;
import dev.sluice.models.layers.LayerNorm;
import dev.sluice.models.layers.Segments;
import dev.sluice.models.layers.SelfAttention;
import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The text tower of a contrastive model: one row for each text. Owned by the device thread.
 *
 * <p>Radford et al. 2021, Zhai et al. 2023; transformers {@code CLIPTextModel}, {@code
 * SiglipTextModel}. Texts are packed: where a token sees only those before it, what would pad a
 * text behind its end changes nothing and is left out.
 */
public final class TextEncoder {
  private final Device device;
  private final Embedding words;
  private final Embedding positions;
  private final List<EncoderLayer> layers = new ArrayList<>();
  private final LayerNorm finalNorm;

  /**
   * A text as the tower reads it. Immutable.
   *
   * @param pooledAt the position whose hidden state stands for the text
   */
  public record Text(List<Integer> ids, int pooledAt) {
    public Text {
      ids = List.copyOf(ids);
    }
  }

  /** Who sees whom in a layer. */
  private interface AttentionLoader {
    SelfAttention load(Weights attention, long width, long heads);
  }

  private TextEncoder(Weights weights, TextEncoderConfig config, AttentionLoader attention) {
    this.device = weights.device();
    EncoderLayer.Sizes sizes = config.layerSizes();
    Weights embeddings = weights.under("embeddings");
    this.words =
        Embedding.load(embeddings.under("token_embedding"), config.vocabulary(), sizes.width());
    this.positions =
        Embedding.load(
            embeddings.under("position_embedding"), config.maxPositions(), sizes.width());
    for (int i = 0; i < config.layers(); i++) {
      Weights layer = weights.under("encoder").under("layers", i);
      layers.add(
          EncoderLayer.load(
              layer,
              sizes,
              attention.load(layer.under("self_attn"), sizes.width(), sizes.heads())));
    }
    this.finalNorm =
        LayerNorm.load(weights.under("final_layer_norm"), sizes.width(), sizes.layerNormEpsilon());
  }

  /** CLIP from the scope {@code text_model}: a token sees itself and those before it. */
  public static TextEncoder clip(Weights weights, TextEncoderConfig config) {
    return new TextEncoder(weights, config, SelfAttention::loadCausal);
  }

  /** SigLIP from the scope {@code text_model}: a token sees the whole text. */
  public static TextEncoder siglip(Weights weights, TextEncoderConfig config) {
    return new TextEncoder(weights, config, SelfAttention::load);
  }

  /**
   * @param texts at least one
   * @return [B, E], each text's pooled row
   */
  public Tensor apply(List<Text> texts) {
    List<Segments.Group> groups = new ArrayList<>();
    int[] pooled = new int[texts.size()];
    int row = 0;
    for (int i = 0; i < pooled.length; i++) {
      Segments.Group group = new Segments.Group(row, 1, texts.get(i).ids().size());
      groups.add(group);
      pooled[i] = row + texts.get(i).pooledAt();
      row += group.rows();
    }
    Segments segments = new Segments(groups);
    Tensor x = embed(texts); // [N, E]
    layers.forEach(layer -> layer.update(x, segments));
    return finalNorm.apply(torch.index_select(x, 0, indices(IntStream.of(pooled))));
  }

  private Tensor embed(List<Text> texts) {
    IntStream ids =
        texts.stream().flatMapToInt(text -> text.ids().stream().mapToInt(Integer::intValue));
    IntStream places = texts.stream().flatMapToInt(text -> IntStream.range(0, text.ids().size()));
    return torch.add(words.apply(indices(ids)), positions.apply(indices(places)));
  }

  private Tensor indices(IntStream values) {
    int[] array = values.toArray();
    return Tensors.to(Tensors.ofInts(array, array.length), device, ScalarType.Long);
  }
}
