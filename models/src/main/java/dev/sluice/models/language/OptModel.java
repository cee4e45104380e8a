package dev.sluice.models.language;

import dev.sluice.models.layers.Embedding;
import dev.sluice.models.layers.LayerNorm;
import dev.sluice.models.layers.Linear;
import dev.sluice.models.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * OPT: learned positions, norms before attention and feed-forward, biases everywhere. Owned by the
 * device thread.
 *
 * <p>Zhang et al. 2022 (arXiv 2205.01068); transformers {@code modeling_opt.py}.
 */
public final class OptModel implements LanguageModel {
  /** The position table begins with two rows that are never used. */
  private static final int POSITION_OFFSET = 2;

  private final OptConfig config;
  private final Embedding words;
  private final Embedding positions;
  private final List<OptLayer> layers = new ArrayList<>();
  private final LayerNorm norm;
  private final Linear head;

  private OptModel(Weights root, OptConfig config) {
    this.config = config;
    int width = config.hiddenSize();
    Weights decoder = root.under("model", "decoder");
    this.words = Embedding.load(decoder.under("embed_tokens"), config.vocabulary(), width);
    this.positions =
        Embedding.load(
            decoder.under("embed_positions"), config.maxPositions() + POSITION_OFFSET, width);
    for (int i = 0; i < config.layers(); i++) {
      layers.add(new OptLayer(decoder.under("layers", i), i, config));
    }
    this.norm =
        LayerNorm.load(decoder.under("final_layer_norm"), width, OptConfig.LAYER_NORM_EPSILON);
    this.head =
        config.tied() && !root.has("lm_head.weight")
            ? Linear.withoutBias(words.weight())
            : Linear.loadWithoutBias(root.under("lm_head"), width, config.vocabulary());
  }

  /** Loads {@code model.decoder} and, where there is one, {@code lm_head}. */
  public static OptModel load(Weights root, OptConfig config) {
    return new OptModel(root, config);
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
    return words.apply(ids);
  }

  @Override
  public Tensor forward(Tensor x, PackedPass pass) {
    try (Scalar offset = new Scalar(POSITION_OFFSET)) {
      x.add_(positions.apply(torch.add(pass.positions(), offset)));
    }
    layers.forEach(layer -> layer.update(x, pass));
    return x;
  }

  @Override
  public Tensor logits(Tensor hidden) {
    return head.apply(norm.apply(hidden));
  }
}
