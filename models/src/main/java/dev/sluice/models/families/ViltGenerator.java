package dev.sluice.models.families;

import dev.sluice.models.TextGenerator;
import dev.sluice.models.value.GeneratedText;
import dev.sluice.models.value.GeneratedText.FinishReason;
import dev.sluice.models.value.LabelScores;
import dev.sluice.models.value.LabelScores.ScoreType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Answers with the best of a list: a text without tokens of its own. Owned by the device thread.
 */
final class ViltGenerator implements TextGenerator {
  private final ViltAnswers answers;
  private final int perStep;
  private final Deque<Waiting> waiting = new ArrayDeque<>();

  /**
   * @param perStep most questions of one step
   */
  ViltGenerator(ViltAnswers answers, int perStep) {
    this.answers = answers;
    this.perStep = perStep;
  }

  private record Waiting(ViltAnswers.Question question, Consumer<GeneratedText> onDone) {}

  @Override
  public void submit(Request request, Consumer<GeneratedText> onDone) {
    List<Integer> ids = answers.ids(request.prompt().text());
    waiting.add(new Waiting(new ViltAnswers.Question(ids, request.tokens()), onDone));
  }

  @Override
  public boolean hasWork() {
    return !waiting.isEmpty();
  }

  @Override
  public void step() {
    List<Waiting> step = new ArrayList<>();
    while (!waiting.isEmpty() && step.size() < perStep) {
      step.add(waiting.remove());
    }
    List<float[]> logits = answers.logits(step.stream().map(Waiting::question).toList());
    for (int i = 0; i < step.size(); i++) {
      step.get(i).onDone().accept(best(logits.get(i)));
    }
  }

  private GeneratedText best(float[] logits) {
    int[] all = IntStream.range(0, logits.length).toArray();
    List<Double> scores = LabelScores.softmax(logits, all, ScoreType.ANSWER_HEAD).scores();
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    String answer = answers.labels().get(best);
    return new GeneratedText(answer, FinishReason.STOP, List.of(), Math.log(scores.get(best)));
  }

  @Override
  public void clear() {
    waiting.clear();
  }
}
