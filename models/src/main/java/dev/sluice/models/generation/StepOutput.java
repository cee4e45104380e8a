package dev.sluice.models.generation;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a step says about the sequences whose end it reached: the likeliest token where that is all
 * they want, logits otherwise. Owned by the device thread; plain Java.
 */
final class StepOutput {
  private final Map<Sequence, SampledToken> likeliest = new HashMap<>();
  private final Map<Sequence, float[]> logits = new HashMap<>();

  void addLikeliest(Sequence sequence, SampledToken token) {
    likeliest.put(sequence, token);
  }

  /**
   * @param row of the whole vocabulary
   */
  void addLogits(Sequence sequence, float[] row) {
    logits.put(sequence, row);
  }

  boolean reached(Sequence sequence) {
    return likeliest.containsKey(sequence) || logits.containsKey(sequence);
  }

  Optional<SampledToken> likeliest(Sequence sequence) {
    return Optional.ofNullable(likeliest.get(sequence));
  }

  /** Logits of the whole vocabulary, of a sequence that wants more than the likeliest token. */
  float[] logits(Sequence sequence) {
    return Objects.requireNonNull(logits.get(sequence), "a sequence without logits");
  }
}
