package dev.sluice.models.generation;

import dev.sluice.models.value.GenerationOptions;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Draws the next token of one sequence from its logits. Owned by the device thread; plain Java.
 *
 * <p>Temperature, then top-k, then top-p, then one draw, as in Hugging Face transformers ({@code
 * generation/logits_process.py}). The draws depend on the seed and the sequence's own history
 * alone, never on what else is in the batch.
 */
public final class Sampler {
  private final GenerationOptions options;
  private long state;

  public Sampler(GenerationOptions options) {
    this.options = options;
    this.state = options.seed();
  }

  /**
   * @param logits of the whole vocabulary
   */
  public SampledToken sample(float[] logits) {
    if (options.isGreedy()) {
      return greedy(logits);
    }
    int[] order =
        IntStream.range(0, logits.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -logits[i]).thenComparing(i -> i))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] weights = weights(logits, order);
    int kept = kept(weights);
    int chosen = order[draw(weights, kept)];
    return new SampledToken(chosen, logprob(logits, chosen));
  }

  private static SampledToken greedy(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return new SampledToken(best, logprob(logits, best));
  }

  /** Probabilities up to a factor, likeliest first. */
  private double[] weights(float[] logits, int[] order) {
    return Arrays.stream(order)
        .mapToDouble(i -> Math.exp((logits[i] - logits[order[0]]) / options.temperature()))
        .toArray();
  }

  /** How many of the likeliest tokens stay. */
  private int kept(double[] weights) {
    int topK = options.topK() == 0 ? weights.length : Math.min(options.topK(), weights.length);
    double bound = options.topP() * Arrays.stream(weights, 0, topK).sum();
    double reached = 0;
    int kept = 0;
    while (kept < topK && (kept == 0 || reached < bound)) {
      reached += weights[kept++];
    }
    return kept;
  }

  private int draw(double[] weights, int kept) {
    double target = nextUniform() * Arrays.stream(weights, 0, kept).sum();
    double reached = 0;
    for (int i = 0; i < kept; i++) {
      reached += weights[i];
      if (target < reached) {
        return i;
      }
    }
    return kept - 1;
  }

  /** SplitMix64 (Steele, Lea, Flood 2014), written out so that a seed means the same for ever. */
  private double nextUniform() {
    state += 0x9E3779B97F4A7C15L;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    z ^= z >>> 31;
    return (z >>> 11) * 0x1.0p-53;
  }

  private static double logprob(float[] logits, int id) {
    double max = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      max = Math.max(max, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - max);
    }
    return logits[id] - max - Math.log(sum);
  }
}
