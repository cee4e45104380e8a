package dev.sluice.models.generation;

import dev.sluice.models.value.GenerationOptions;
import dev.sluice.models.value.TokenRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The rules of one request, and the draws under them. Owned by the device thread; plain Java.
 *
 * <p>The rules' order is that of transformers ({@code GenerationMixin._get_logits_processor}).
 */
final class TokenSelector {
  private final List<LogitsProcessor> rules;
  private final Sampler sampler;

  TokenSelector(GenerationOptions options, int promptLength, Set<Integer> endTokens) {
    this.rules =
        rules(
            options.rules().orElse(TokenRules.NONE),
            promptLength,
            options.maxNewTokens(),
            endTokens);
    this.sampler = new Sampler(options.sampling());
  }

  private static List<LogitsProcessor> rules(
      TokenRules rules, int promptLength, int maxNewTokens, Set<Integer> endTokens) {
    List<LogitsProcessor> active = new ArrayList<>();
    if (rules.repetitionPenalty() != 1) {
      active.add(new RepetitionPenalty((float) rules.repetitionPenalty()));
    }
    if (rules.noRepeatNgram() > 0) {
      active.add(new NoRepeatNgram(rules.noRepeatNgram()));
    }
    rules.badWords().stream()
        .filter(word -> word.size() > 1 || !endTokens.containsAll(word))
        .forEach(word -> active.add(new BadWord(word)));
    int least = Math.max(rules.minNewTokens(), rules.minLength() - promptLength);
    if (least > 0) {
      active.add(new BannedTokens(endTokens, 0, least));
    }
    boolean forcesBegin = promptLength == 1 && !rules.forcedBegin().isEmpty();
    if (forcesBegin) {
      active.add(new ForcedTokens(rules.forcedBegin(), 0));
    }
    if (!rules.forcedEnd().isEmpty()) {
      active.add(new ForcedTokens(rules.forcedEnd(), maxNewTokens - 1));
    }
    if (!rules.suppressed().isEmpty()) {
      active.add(new BannedTokens(rules.suppressed(), 0, Integer.MAX_VALUE));
    }
    if (!rules.suppressedAtBegin().isEmpty()) {
      int begin = forcesBegin ? 1 : 0;
      active.add(new BannedTokens(rules.suppressedAtBegin(), begin, begin + 1));
    }
    return active;
  }

  /** The next token from the model's logits of the whole vocabulary. */
  SampledToken select(Sequence sequence, float[] logits) {
    int chosen = sampler.choose(scores(sequence, logits));
    return new SampledToken(chosen, LogProbabilities.of(logits, chosen));
  }

  /**
   * Logits, or logarithms of probabilities, as the rules leave them; a copy where there are any.
   */
  float[] scores(Sequence sequence, float[] logits) {
    if (rules.isEmpty()) {
      return logits;
    }
    float[] scores = logits.clone();
    TokenHistory history = sequence.history();
    rules.forEach(rule -> rule.process(history, scores));
    return scores;
  }
}
