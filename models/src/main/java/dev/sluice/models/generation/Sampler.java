package dev.sluice.models.generation;

import dev.sluice.models.value.Sampling;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Draws the next token of one sequence from its scores. Owned by the device thread; plain Java.
 *
 * <p>Temperature, then top-k, then top-p, then one draw, as in Hugging Face transformers ({@code
 * generation/logits_process.py}). The draws depend on the seed and the sequence's own history
 * alone, never on what else is in the batch.
 */
public final class Sampler {
  private final Sampling options;
  private long state;

  public Sampler(Sampling options) {
    this.options = options;
    this.state = options.seed();
  }

  /**
   * @param scores logits of the whole vocabulary, as rules leave them
   * @return the id of the next token
   */
  public int choose(float[] scores) {
    if (options.isLikeliest()) {
      return likeliest(scores);
    }
    int[] order =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -scores[i]).thenComparing(i -> i))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] weights = weights(scores, order);
    return order[draw(weights, kept(weights))];
  }

  private static int likeliest(float[] scores) {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      best = scores[i] > scores[best] ? i : best;
    }
    return best;
  }

  /** Probabilities up to a factor, likeliest first. */
  private double[] weights(float[] scores, int[] order) {
    return Arrays.stream(order)
        .mapToDouble(i -> Math.exp((scores[i] - scores[order[0]]) / options.temperature()))
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
}
