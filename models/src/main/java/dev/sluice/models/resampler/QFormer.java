package dev.sluice.models.resampler;

import dev.sluice.models.layers.Embedding;
import dev.sluice.models.layers.GridFeatures;
import dev.sluice.models.layers.LayerNorm;
import dev.sluice.models.layers.Segments;
import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * The Q-Former: learned queries that read a picture, and an instruction where there is one. Owned
 * by the device thread.
 *
 * <p>Li et al. 2023 (arXiv 2301.12597), Dai et al. 2023 (arXiv 2305.06500); transformers {@code
 * Blip2QFormerModel} and {@code InstructBlipQFormerModel}. The reference keeps it in float32 beside
 * a half-precision model; here it is computed in the model's type.
 */
public final class QFormer implements Resampler {
  private final QFormerConfig config;
  private final Device device;
  private final Tensor queries; // [Q, E]
  private final @Nullable Embedding words;
  private final @Nullable Embedding positions;
  private final LayerNorm norm;
  private final List<QFormerLayer> layers = new ArrayList<>();

  /**
   * Loads the model.
   *
   * @param queryTokens [1, Q, E]
   * @param embeddings holds the norm {@code layernorm} or {@code LayerNorm}, and the instruction's
   *     tables where it reads one
   * @param encoder holds {@code layer.0}, {@code layer.1}, …
   */
  public static QFormer load(
      Tensor queryTokens, Weights embeddings, Weights encoder, QFormerConfig config) {
    return new QFormer(queryTokens, embeddings, encoder, config);
  }

  private QFormer(Tensor queryTokens, Weights embeddings, Weights encoder, QFormerConfig config) {
    this.config = config;
    this.device = encoder.device();
    int width = config.hiddenSize();
    this.queries = encoder.keep(queryTokens.view(config.queries(), width));
    boolean reads = embeddings.has("word_embeddings.weight");
    this.words =
        reads
            ? Embedding.load(embeddings.under("word_embeddings"), config.vocabulary(), width)
            : null;
    this.positions =
        reads
            ? Embedding.load(embeddings.under("position_embeddings"), config.maxPositions(), width)
            : null;
    String normName = embeddings.has("layernorm.weight") ? "layernorm" : "LayerNorm";
    this.norm = LayerNorm.load(embeddings.under(normName), width, config.layerNormEpsilon());
    for (int i = 0; i < config.layers(); i++) {
      layers.add(new QFormerLayer(encoder.under("layer", i), i, config));
    }
  }

  /** [B, Q, E], without instructions. */
  @Override
  public Tensor apply(GridFeatures tiles) {
    int[] none = new int[Math.toIntExact(tiles.tiles())];
    QFormerRows rows = QFormerRows.of(config.queries(), none, device);
    return queries(run(repeated(none.length), rows, tiles.features()), rows);
  }

  /**
   * What the queries say of pictures under instructions.
   *
   * @param features [B, P, vision width]
   * @param instructions the token ids of each picture's, at least one each
   * @return all rows [N, E] with where they lie
   */
  public Instructed apply(Tensor features, List<int[]> instructions) {
    Embedding wordTable = Objects.requireNonNull(words, "this Q-Former reads no instructions");
    Embedding positionTable = Objects.requireNonNull(positions, "positions");
    int[] lengths = instructions.stream().mapToInt(ids -> ids.length).toArray();
    QFormerRows rows = QFormerRows.of(config.queries(), lengths, device);
    int[] ids = instructions.stream().flatMapToInt(IntStream::of).toArray();
    int[] places = IntStream.of(lengths).flatMap(length -> IntStream.range(0, length)).toArray();
    Tensor text = wordTable.apply(indices(ids)).add_(positionTable.apply(indices(places)));
    Tensor x =
        torch.zeros(new long[] {rows.segments().rows(), config.hiddenSize()}, text.options());
    x.index_copy_(0, rows.queries(), repeated(lengths.length));
    x.index_copy_(0, Objects.requireNonNull(rows.words(), "words"), text);
    Tensor all = run(x, rows, features);
    return new Instructed(all, queries(all, rows));
  }

  /**
   * Rows after the last layer.
   *
   * @param all [N, E], for each picture its queries, then its instruction
   * @param queries [B, Q, E]
   */
  public record Instructed(Tensor all, Tensor queries) {}

  private Tensor run(Tensor x, QFormerRows rows, Tensor features) {
    Segments pictures =
        new Segments(
            List.of(new Segments.Group(0, (int) features.size(0), (int) features.size(1))));
    Tensor picture = features.reshape(-1, features.size(2)); // [B P, vision width]
    Tensor hidden = norm.apply(x);
    for (QFormerLayer layer : layers) {
      hidden = layer.apply(hidden, rows, picture, pictures);
    }
    return hidden;
  }

  private Tensor queries(Tensor all, QFormerRows rows) {
    return torch
        .index_select(all, 0, rows.queries())
        .view(-1, config.queries(), config.hiddenSize());
  }

  /** [B Q, E]. */
  private Tensor repeated(int times) {
    return queries.repeat(times, 1);
  }

  private Tensor indices(int[] values) {
    return Tensors.to(Tensors.ofInts(values, values.length), device, ScalarType.Long);
  }
}
