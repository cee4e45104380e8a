package dev.sluice.models.language;

import dev.sluice.models.layers.Embedding;
import dev.sluice.models.layers.LayerNorm;
import dev.sluice.models.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * BLIP's BERT: words and positions, then layers that may attend to a picture. Owned by the device
 * thread.
 *
 * <p>Li et al. 2022; transformers {@code BlipTextModel}. There are no token types.
 */
final class BertModel {
  private final Embedding words;
  private final Embedding positions;
  private final LayerNorm norm;
  private final List<BertLayer> layers = new ArrayList<>();

  private BertModel(Weights weights, BertConfig config) {
    int width = config.hiddenSize();
    Weights embeddings = weights.under("embeddings");
    this.words = Embedding.load(embeddings.under("word_embeddings"), config.vocabulary(), width);
    this.positions =
        Embedding.load(embeddings.under("position_embeddings"), config.maxPositions(), width);
    this.norm = LayerNorm.load(embeddings.under("LayerNorm"), width, config.layerNormEpsilon());
    for (int i = 0; i < config.layers(); i++) {
      layers.add(new BertLayer(weights.under("encoder", "layer", i), i, config));
    }
  }

  /** Loads {@code embeddings} and {@code encoder.layer}. */
  static BertModel load(Weights weights, BertConfig config) {
    return new BertModel(weights, config);
  }

  /** The table of words. */
  Embedding words() {
    return words;
  }

  /**
   * Runs all layers.
   *
   * @param words [N, E]
   * @return [N, E]
   */
  Tensor forward(Tensor words, PackedPass pass) {
    Tensor x = norm.apply(torch.add(words, positions.apply(pass.positions())));
    for (BertLayer layer : layers) {
      x = layer.apply(x, pass);
    }
    return x;
  }
}
