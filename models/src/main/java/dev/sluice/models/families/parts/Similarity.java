package dev.sluice.models.families.parts;

import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.value.LabelScores.ScoreType;
import dev.sluice.models.weights.Weights;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * How like a picture and a text are: the cosine of their features, scaled and shifted. Immutable.
 *
 * @param type what scores are made of the logits: a softmax over the texts, or a sigmoid of each
 */
public record Similarity(double scale, double bias, ScoreType type) {

  /** CLIP: {@code logit_scale} is a logarithm. */
  public static Similarity clip(Weights weights) {
    return new Similarity(
        Math.exp(number(weights, "logit_scale")), 0, ScoreType.CONTRASTIVE_SOFTMAX);
  }

  /** SigLIP: with {@code logit_bias}. */
  public static Similarity siglip(Weights weights) {
    return new Similarity(
        Math.exp(number(weights, "logit_scale")), number(weights, "logit_bias"), ScoreType.SIGMOID);
  }

  /** In the type that it is stored in: the exponential would enlarge what rounding loses. */
  private static float number(Weights weights, String name) {
    Tensor stored = Tensors.requireShape(name, weights.stored(name).flatten(), 1);
    return Tensors.toFloats(stored)[0];
  }

  /** Rows of length 1 in float32. */
  static Tensor normalized(Tensor rows) {
    Tensor floats = rows.to(torch.ScalarType.Float);
    try (Scalar two = new Scalar(2);
        ScalarOptional euclidean = new ScalarOptional(two)) {
      return torch.div(floats, torch.norm(floats, euclidean, new long[] {-1}, true));
    }
  }

  /**
   * @param images [B, E], normalised
   * @param texts [L, E], normalised
   * @return [B, L]
   */
  Tensor logits(Tensor images, Tensor texts) {
    try (Scalar factor = new Scalar(scale);
        Scalar shift = new Scalar(bias)) {
      return torch.matmul(images, texts.t()).mul_(factor).add_(shift);
    }
  }

  /** [B, L] to the same shape, 0 to 1. */
  Tensor scores(Tensor logits) {
    return type == ScoreType.SIGMOID ? torch.sigmoid(logits) : torch.softmax(logits, -1);
  }
}
