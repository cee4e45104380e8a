package dev.sluice.models.language;

import dev.sluice.models.layers.Embedding;
import dev.sluice.models.layers.Linear;
import dev.sluice.models.layers.RmsNorm;
import dev.sluice.models.layers.RotaryEmbedding;
import dev.sluice.models.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * LLaMA and its kin: RMS norms, rotary positions, grouped queries, SwiGLU, no biases. Owned by the
 * device thread.
 *
 * <p>Touvron et al. 2023; transformers {@code modeling_llama.py}.
 */
public final class LlamaModel implements LanguageModel {
  private final LlamaConfig config;
  private final Embedding embedding;
  private final RotaryEmbedding rotary;
  private final List<LlamaLayer> layers = new ArrayList<>();
  private final RmsNorm norm;
  private final Linear head;

  private LlamaModel(Weights root, LlamaConfig config) {
    this.config = config;
    int width = config.hiddenSize();
    Weights model = root.under("model");
    this.embedding = Embedding.load(model.under("embed_tokens"), config.vocabulary(), width);
    this.rotary =
        RotaryEmbedding.create(root, config.headSize(), config.ropeTheta(), config.maxPositions());
    for (int i = 0; i < config.layers(); i++) {
      layers.add(new LlamaLayer(model.under("layers", i), i, config));
    }
    this.norm = RmsNorm.load(model.under("norm"), width, config.rmsNormEpsilon());
    this.head =
        config.tied() && !root.has("lm_head.weight")
            ? Linear.withoutBias(embedding.weight())
            : Linear.loadWithoutBias(root.under("lm_head"), width, config.vocabulary());
  }

  /**
   * Loads {@code model.embed_tokens}, {@code model.layers}, {@code model.norm}, {@code lm_head}.
   */
  public static LlamaModel load(Weights root, LlamaConfig config) {
    return new LlamaModel(root, config);
  }

  @Override
  public KvShape kvShape() {
    return config.kvShape();
  }

  @Override
  public int maxPositions() {
    return config.maxPositions();
  }

  @Override
  public int width() {
    return config.hiddenSize();
  }

  @Override
  public Tensor embed(Tensor ids) {
    return embedding.apply(ids);
  }

  @Override
  public Tensor forward(Tensor x, PackedPass pass) {
    RotaryEmbedding.Rows rows = rotary.rows(pass.positions());
    layers.forEach(layer -> layer.update(x, pass, rows));
    return x;
  }

  @Override
  public Tensor logits(Tensor hidden) {
    return head.apply(norm.apply(hidden));
  }
}
