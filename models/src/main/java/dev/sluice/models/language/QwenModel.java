package dev.sluice.models.language;

import dev.sluice.models.layers.DynamicNtkRotary;
import dev.sluice.models.layers.Embedding;
import dev.sluice.models.layers.Linear;
import dev.sluice.models.layers.RmsNorm;
import dev.sluice.models.layers.RotaryEmbedding;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Qwen 1, the language model of Qwen-VL and Monkey: fused projections with a bias on the way in,
 * rotary positions whose base follows the prompt's length, queries scaled by the logarithm of their
 * position. Owned by the device thread.
 *
 * <p>Bai et al. 2023; {@code modeling_qwen.py} of Yuliang-Liu/Monkey at 498e1d9.
 */
public final class QwenModel implements LanguageModel {
  private final QwenConfig config;
  private final Weights owner;
  private final Embedding embedding;
  private final DynamicNtkRotary rotary;
  private final List<QwenLayer> layers = new ArrayList<>();
  private final RmsNorm norm;
  private final Linear head;

  private QwenModel(Weights root, QwenConfig config) {
    this.config = config;
    this.owner = root;
    int width = config.hiddenSize();
    Weights model = root.under("transformer");
    this.embedding = Embedding.load(model.under("wte"), config.vocabulary(), width);
    this.rotary =
        DynamicNtkRotary.create(
            root,
            config.heads().headSize(),
            config.rotaryBase(),
            config.dynamicNtk() ? config.trainedLength() : Integer.MAX_VALUE);
    for (int i = 0; i < config.layers(); i++) {
      layers.add(new QwenLayer(model.under("h", i), i, config));
    }
    this.norm = RmsNorm.load(model.under("ln_f"), width, config.normEpsilon());
    this.head = Linear.loadWithoutBias(root.under("lm_head"), width, config.vocabulary());
  }

  /**
   * Loads {@code transformer.wte}, {@code transformer.h}, {@code transformer.ln_f}, {@code
   * lm_head}.
   */
  public static QwenModel load(Weights root, QwenConfig config) {
    return new QwenModel(root, config);
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
    RotaryEmbedding.Rows rows = rotary.rows(pass.positions(), pass.promptLengths());
    Tensor scales = queryScales(pass.positions());
    layers.forEach(layer -> layer.update(x, pass, rows, scales));
    return x;
  }

  /** ln t / ln (trained length) for the t-th position where that is above 1, else 1: [N, 1]. */
  private Tensor queryScales(Tensor positions) {
    Tensor exact = Tensors.to(positions, owner.device(), Dtype.FLOAT32).unsqueeze(1);
    if (!config.logN()) {
      return torch.ones_like(exact);
    }
    try (Scalar one = new Scalar(1.0);
        ScalarOptional least = new ScalarOptional(one);
        Scalar trained = new Scalar(Math.log(config.trainedLength()))) {
      Tensor scales = torch.add(exact, one).log_().div_(trained).clamp_(least);
      return Tensors.to(scales, owner.device(), owner.dtype());
    }
  }

  @Override
  public Tensor logits(Tensor hidden) {
    return head.apply(norm.apply(hidden));
  }
}
