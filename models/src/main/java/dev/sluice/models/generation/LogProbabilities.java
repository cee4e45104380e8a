package dev.sluice.models.generation;

/** Logarithms of probabilities from logits. Stateless; plain Java. */
final class LogProbabilities {
  private LogProbabilities() {}

  /** Of one token. */
  static double of(float[] logits, int id) {
    return logits[id] - logSumExp(logits);
  }

  /** Of the whole vocabulary. */
  static float[] of(float[] logits) {
    double total = logSumExp(logits);
    float[] logprobs = new float[logits.length];
    for (int i = 0; i < logits.length; i++) {
      logprobs[i] = (float) (logits[i] - total);
    }
    return logprobs;
  }

  private static double logSumExp(float[] logits) {
    double max = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      max = Math.max(max, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - max);
    }
    return max + Math.log(sum);
  }
}
