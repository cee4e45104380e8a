package dev.sluice.models.generation;

import dev.sluice.models.value.Beams;
import dev.sluice.models.value.Beams.EarlyStopping;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Which texts of one request go on, and which is the best of those that ended. Owned by the device
 * thread; plain Java.
 *
 * <p>transformers 5.18 {@code GenerationMixin._beam_search}, for one prompt: each step looks at the
 * best (1 + end tokens) · beams continuations, at least twice the beams, so that as many as there
 * are beams can go on even where the best all end. A text that ends counts only from among the best
 * {@code beams}.
 */
final class BeamSearch {
  private static final Comparator<Finished> BEST_FIRST =
      Comparator.comparingDouble(Finished::score).reversed();
  private static final Comparator<Candidate> LIKELIEST_FIRST =
      Comparator.comparingDouble(Candidate::score)
          .reversed()
          .thenComparingInt(Candidate::parent)
          .thenComparingInt(Candidate::id);

  private final Beams beams;
  private final int maxNewTokens;
  private final Set<Integer> endTokens;
  private final List<Finished> finished = new ArrayList<>();
  private List<Beam> running = List.of(new Beam(List.of(), 0));
  private boolean done;

  BeamSearch(Beams beams, int maxNewTokens, Set<Integer> endTokens) {
    this.beams = beams;
    this.maxNewTokens = maxNewTokens;
    this.endTokens = endTokens;
  }

  /** What a beam does next: it takes over {@code parent}, a beam's index, and adds a token. */
  record Step(int parent, SampledToken token) {}

  /** A running text and the sum of its scores. */
  private record Beam(List<SampledToken> tokens, float score) {}

  private record Finished(List<SampledToken> tokens, float score) {}

  /** A token behind a running beam; the score is the sum. */
  private record Candidate(int parent, int id, float score) {}

  /**
   * Takes one step of every running beam.
   *
   * @param scores logarithms of the next tokens' probabilities, as rules leave them: a row of the
   *     whole vocabulary for each running beam, in their order
   * @param logprobs the same as the model gives them
   * @return the beams that run now, best first, at most as many as asked for; none where the search
   *     is done
   */
  List<Step> advance(List<float[]> scores, List<float[]> logprobs) {
    List<Step> steps = new ArrayList<>();
    List<Beam> next = new ArrayList<>();
    int length = running.get(0).tokens().size() + 1;
    int rank = 0;
    for (Candidate candidate : best(scores)) {
      float logprob = logprobs.get(candidate.parent())[candidate.id()];
      SampledToken token = new SampledToken(candidate.id(), logprob);
      boolean ends = length == maxNewTokens || endTokens.contains(candidate.id());
      if (ends && rank < beams.count()) {
        finish(new Finished(extended(candidate, token), normalised(candidate.score(), length)));
      }
      if (!ends && next.size() < beams.count()) {
        next.add(new Beam(extended(candidate, token), candidate.score()));
        steps.add(new Step(candidate.parent(), token));
      }
      rank++;
    }
    done = next.isEmpty() || isDecided(next.get(0).score(), length);
    running = next.isEmpty() ? running : next;
    return done ? List.of() : steps;
  }

  boolean isDone() {
    return done;
  }

  /** The tokens of the best text, its end token included. */
  List<SampledToken> best() {
    return finished.isEmpty() ? running.get(0).tokens() : finished.get(0).tokens();
  }

  /** The likeliest continuations of all beams, best first; of equal ones the earlier beam's. */
  private List<Candidate> best(List<float[]> scores) {
    int kept = Math.max(2, 1 + endTokens.size()) * beams.count();
    PriorityQueue<Candidate> best = new PriorityQueue<>(LIKELIEST_FIRST.reversed());
    for (int beam = 0; beam < scores.size(); beam++) {
      float[] row = scores.get(beam);
      for (int id = 0; id < row.length; id++) {
        float score = row[id] + running.get(beam).score();
        if (best.size() < kept) {
          best.add(new Candidate(beam, id, score));
        } else if (score > best.element().score()) {
          best.remove();
          best.add(new Candidate(beam, id, score));
        }
      }
    }
    return best.stream().sorted(LIKELIEST_FIRST).toList();
  }

  private List<SampledToken> extended(Candidate candidate, SampledToken token) {
    List<SampledToken> tokens = new ArrayList<>(running.get(candidate.parent()).tokens());
    tokens.add(token);
    return tokens;
  }

  private float normalised(float score, int length) {
    return (float) (score / Math.pow(length, beams.lengthPenalty()));
  }

  /** Keeps the best texts; an impossible one is none. */
  private void finish(Finished text) {
    if (text.score() == Float.NEGATIVE_INFINITY) {
      return;
    }
    finished.add(text);
    finished.sort(BEST_FIRST);
    if (finished.size() > beams.count()) {
      finished.remove(finished.size() - 1);
    }
  }

  /** Whether no running text is expected to become better than all that are finished. */
  private boolean isDecided(float bestRunning, int length) {
    if (finished.size() < beams.count()) {
      return false;
    }
    boolean mayGrow = beams.earlyStopping() == EarlyStopping.NEVER && beams.lengthPenalty() > 0;
    float hoped = normalised(bestRunning, mayGrow ? maxNewTokens : length);
    return beams.earlyStopping() == EarlyStopping.WHEN_ALL_FINISHED
        || hoped <= finished.get(finished.size() - 1).score();
  }
}
