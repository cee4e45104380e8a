package dev.sluice.models.families;

import dev.sluice.models.LabelScorer;
import dev.sluice.models.value.LabelQuestion;
import dev.sluice.models.value.LabelScores;
import dev.sluice.models.value.LabelScores.ScoreType;
import java.util.ArrayList;
import java.util.List;

/** Scores options that are answers of ViLT's head. Owned by the device thread. */
final class ViltScorer implements LabelScorer {
  private final ViltAnswers answers;
  private final int perPass;

  /**
   * @param perPass most questions that run together
   */
  ViltScorer(ViltAnswers answers, int perPass) {
    this.answers = answers;
    this.perPass = perPass;
  }

  @Override
  public List<LabelScores> score(List<Request> requests) {
    List<int[]> options = requests.stream().map(request -> options(request.question())).toList();
    List<LabelScores> scores = new ArrayList<>();
    for (int from = 0; from < requests.size(); from += perPass) {
      List<Request> pass = requests.subList(from, Math.min(requests.size(), from + perPass));
      for (float[] logits : answers.logits(pass.stream().map(this::question).toList())) {
        scores.add(LabelScores.softmax(logits, options.get(scores.size()), ScoreType.ANSWER_HEAD));
      }
    }
    return scores;
  }

  private ViltAnswers.Question question(Request request) {
    return new ViltAnswers.Question(
        answers.ids(request.question().prompt().text()), request.tokens());
  }

  private int[] options(LabelQuestion question) {
    return question.options().stream().mapToInt(option -> answer(question, option)).toArray();
  }

  private int answer(LabelQuestion question, String option) {
    int answer = answers.labels().indexOf(option);
    if (answer < 0) {
      throw new IllegalArgumentException(
          "question '%s': option '%s': expected one of the model's %d answers (id2label)"
              .formatted(question.prompt().id(), option, answers.labels().size()));
    }
    return answer;
  }
}
