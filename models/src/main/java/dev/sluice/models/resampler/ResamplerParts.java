package dev.sluice.models.resampler;

import dev.sluice.models.layers.LayerNorm;
import dev.sluice.models.layers.Linear;
import dev.sluice.models.weights.Weights;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * What the resamplers have in common: the same tensors under the same names. Owned by the device
 * thread.
 *
 * <p>Two rearrangements of the reference save most of its arithmetic and change only rounding. The
 * projected queries do not depend on the picture, so they are computed at load. Keys and values are
 * projected patch by patch, before windows overlap them, and the positions' share of the keys is
 * projected once on the learned grid: attention's in-projection, the bicubic resize and RoIAlign
 * are all linear, so their order is free.
 */
final class ResamplerParts {
  private final ResamplerConfig config;
  private final Linear visionProjection;
  private final LayerNorm keyNorm;
  private final Linear keyValue;
  private final Tensor queries; // [Q, H, D]
  private final Tensor keyPositions; // [Q, E]
  private final Tensor keyBias; // [E]
  private final Tensor valueBias; // [E]
  private final Linear attentionOut;
  private final LayerNorm postNorm;
  private final Tensor projection; // [E, E]

  ResamplerParts(Weights weights, ResamplerConfig config) {
    this.config = config;
    int width = config.width();
    this.visionProjection =
        Linear.loadWithoutBias(weights.under("kv_proj"), config.visionWidth(), width);
    this.keyNorm = LayerNorm.load(weights.under("ln_kv"), width, ResamplerConfig.EPSILON);
    this.postNorm = LayerNorm.load(weights.under("ln_post"), width, ResamplerConfig.EPSILON);
    Weights attention = weights.under("attn");
    this.attentionOut = Linear.load(attention.under("out_proj"), width, width);
    this.projection = weights.tensor("proj", width, width);
    Tensor matrix = attention.tensor("in_proj_weight", 3L * width, width);
    Tensor bias = attention.tensor("in_proj_bias", 3L * width);
    this.keyValue = Linear.withoutBias(weights.keep(matrix.narrow(0, width, 2L * width)));
    this.keyBias = weights.keep(bias.narrow(0, width, width));
    this.valueBias = weights.keep(bias.narrow(0, 2L * width, width));
    Tensor positions = weights.tensor("pos_embed", config.queries(), width);
    Tensor keyMatrix = matrix.narrow(0, width, width);
    this.keyPositions = weights.keep(torch.linear(positions, keyMatrix));
    Tensor query = weights.tensor("query", config.queries(), width);
    LayerNorm queryNorm = LayerNorm.load(weights.under("ln_q"), width, ResamplerConfig.EPSILON);
    Tensor placed = torch.add(queryNorm.apply(query), positions);
    Tensor projected =
        torch.linear(placed, matrix.narrow(0, 0, width)).add_(bias.narrow(0, 0, width));
    this.queries =
        weights.keep(projected.view(config.queries(), config.heads(), config.headSize()));
  }

  ResamplerConfig config() {
    return config;
  }

  /** [Q, H, D]. */
  Tensor queries() {
    return queries;
  }

  /** The positions' part of the keys on the learned grid, without bias: [Q, E]. */
  Tensor keyPositions() {
    return keyPositions;
  }

  /** [E]. */
  Tensor keyBias() {
    return keyBias;
  }

  /** [E]. */
  Tensor valueBias() {
    return valueBias;
  }

  /** [B, P, vision width] to keys and values side by side, without positions and bias: [.., 2E]. */
  Tensor keysAndValues(Tensor features) {
    return keyValue.apply(keyNorm.apply(visionProjection.apply(features)));
  }

  /** Attention's out-projection, [B, Q, E] to [B, Q, E]. */
  Tensor mixHeads(Tensor attended) {
    return attentionOut.apply(attended);
  }

  /** What attention gives [B, Q, E] to tokens [B, Q, E]. */
  Tensor project(Tensor gathered) {
    return torch.matmul(postNorm.apply(gathered), projection);
  }
}
