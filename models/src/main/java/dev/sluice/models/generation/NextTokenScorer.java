package dev.sluice.models.generation;

import dev.sluice.models.LabelScorer;
import dev.sluice.models.value.GenerationOptions;
import dev.sluice.models.value.LabelQuestion;
import dev.sluice.models.value.LabelScores;
import dev.sluice.models.value.LabelScores.ScoreType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Scores the options of a question by the probability of their first tokens, among the options
 * alone. Owned by the device thread.
 *
 * <p>One pass over picture and question, nothing is cached or generated. The options must begin
 * with different tokens, since only the first is looked at.
 */
public final class NextTokenScorer implements LabelScorer {
  private final ModelRunner runner;
  private final PromptEncoder prompts;
  private final int positionsPerPass;

  /**
   * @param positionsPerPass bound of prompt positions that run together; a longer prompt runs alone
   */
  public NextTokenScorer(ModelRunner runner, PromptEncoder prompts, int positionsPerPass) {
    this.runner = runner;
    this.prompts = prompts;
    this.positionsPerPass = positionsPerPass;
  }

  @Override
  public List<LabelScores> score(List<Request> requests) {
    List<int[]> firstTokens =
        requests.stream().map(request -> firstTokens(request.question())).toList();
    List<LabelScores> scores = new ArrayList<>();
    List<Sequence> pass = new ArrayList<>();
    int positions = 0;
    for (Request request : requests) {
      PromptLayout layout = prompts.layout(request.tokens().plan(), request.question().prompt());
      if (!pass.isEmpty() && positions + layout.length() > positionsPerPass) {
        scorePass(pass, firstTokens, scores);
        pass.clear();
        positions = 0;
      }
      pass.add(new Sequence(layout, request.tokens(), GenerationOptions.greedy(1)));
      positions += layout.length();
    }
    if (!pass.isEmpty()) {
      scorePass(pass, firstTokens, scores);
    }
    return scores;
  }

  private void scorePass(List<Sequence> pass, List<int[]> firstTokens, List<LabelScores> scores) {
    for (float[] logits : runner.lastLogits(pass)) {
      scores.add(
          LabelScores.softmax(
              logits, firstTokens.get(scores.size()), ScoreType.NEXT_TOKEN_PROBABILITY));
    }
  }

  private int[] firstTokens(LabelQuestion question) {
    Map<Integer, String> optionByToken = new HashMap<>();
    int[] tokens = new int[question.options().size()];
    for (int i = 0; i < tokens.length; i++) {
      String option = question.options().get(i);
      List<Integer> ids = prompts.answer(option);
      if (ids.isEmpty()) {
        throw new IllegalArgumentException(
            "question '%s': option '%s' has no tokens".formatted(question.prompt().id(), option));
      }
      tokens[i] = ids.get(0);
      String other = optionByToken.putIfAbsent(tokens[i], option);
      if (other != null) {
        throw new IllegalArgumentException(
            ("question '%s': options '%s' and '%s' begin with the same token (%d); reword one of"
                    + " them so that the first tokens differ")
                .formatted(question.prompt().id(), other, option, tokens[i]));
      }
    }
    return tokens;
  }
}
