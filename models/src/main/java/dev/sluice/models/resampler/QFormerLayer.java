package dev.sluice.models.resampler;

import dev.sluice.models.layers.Attention;
import dev.sluice.models.layers.BertCrossAttention;
import dev.sluice.models.layers.BertFeedForward;
import dev.sluice.models.layers.BertSelfAttention;
import dev.sluice.models.layers.SegmentAttention;
import dev.sluice.models.layers.Segments;
import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.weights.Weights;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * One layer of the Q-Former: queries and instruction see each other, the queries look at the
 * picture in some layers, and each kind has its own feed-forward. Owned by the device thread.
 */
final class QFormerLayer {
  private final int heads;
  private final BertSelfAttention attention;
  private final @Nullable BertCrossAttention crossAttention;
  private final BertFeedForward queryFeedForward;
  private final @Nullable BertFeedForward wordFeedForward;

  QFormerLayer(Weights weights, int index, QFormerConfig config) {
    this.heads = config.heads();
    this.attention =
        BertSelfAttention.load(
            projections(weights.under("attention")),
            weights.under("attention", "output"),
            config.hiddenSize(),
            config.layerNormEpsilon());
    this.crossAttention = config.looksAtPicture(index) ? crossAttention(weights, config) : null;
    this.queryFeedForward = feedForward(weights, "_query", config);
    this.wordFeedForward =
        weights.has("intermediate.dense.weight") ? feedForward(weights, "", config) : null;
  }

  private static BertCrossAttention crossAttention(Weights weights, QFormerConfig config) {
    Weights block = weights.under("crossattention");
    return BertCrossAttention.load(
        projections(block),
        block.under("output"),
        config.hiddenSize(),
        config.visionWidth(),
        config.layerNormEpsilon());
  }

  /** LAVIS says {@code self} where transformers says {@code attention}. */
  private static Weights projections(Weights block) {
    return block.under(block.has("self.query.weight") ? "self" : "attention");
  }

  private static BertFeedForward feedForward(Weights weights, String suffix, QFormerConfig config) {
    return BertFeedForward.load(
        weights.under("intermediate" + suffix),
        weights.under("output" + suffix),
        new BertFeedForward.Shape(config.hiddenSize(), config.intermediateSize()),
        config.activation(),
        config.layerNormEpsilon());
  }

  /**
   * @param x [N, E]
   * @param picture [B P, vision width]
   * @param pictures the pictures' rows
   * @return [N, E]
   */
  Tensor apply(Tensor x, QFormerRows rows, Tensor picture, Segments pictures) {
    try (TensorScope scope = new TensorScope()) {
      Tensor hidden =
          attention.apply(
              x, qkv -> SegmentAttention.self(qkv, rows.segments(), heads, Attention::full));
      Tensor words = rows.words();
      if (words == null || wordFeedForward == null) {
        return scope.pass(queries(hidden, picture, pictures));
      }
      Tensor queries = queries(torch.index_select(hidden, 0, rows.queries()), picture, pictures);
      Tensor all = torch.empty_like(hidden);
      all.index_copy_(0, rows.queries(), queries);
      all.index_copy_(0, words, wordFeedForward.apply(torch.index_select(hidden, 0, words)));
      return scope.pass(all);
    }
  }

  /** [B Q, E] to [B Q, E]. */
  private Tensor queries(Tensor queries, Tensor picture, Segments pictures) {
    if (crossAttention == null) {
      return queryFeedForward.apply(queries);
    }
    int tiles = pictures.groups().get(0).count();
    Segments byTile =
        new Segments(
            List.of(new Segments.Group(0, tiles, Math.toIntExact(queries.size(0) / tiles))));
    Tensor keysAndValues = crossAttention.keysAndValues(picture); // [B P, 2 E]
    Tensor seen =
        crossAttention.apply(
            queries, q -> SegmentAttention.cross(q, keysAndValues, byTile, pictures, heads));
    return queryFeedForward.apply(seen);
  }
}
