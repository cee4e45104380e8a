package dev.sluice.models.families.parts;

import dev.sluice.models.LabelScorer;
import dev.sluice.models.value.LabelScores;
import dev.sluice.models.value.TracePrompt;
import dev.sluice.models.value.VisualTokens;
import java.util.ArrayList;
import java.util.List;

/** Scores labels of pictures that are read under the question. Owned by the device thread. */
public record InstructedScorer(LabelScorer scorer, PrefixedPrompts prompts, InstructedTokens tokens)
    implements LabelScorer {

  @Override
  public List<LabelScores> score(List<Request> requests) {
    List<VisualTokens> read =
        tokens.apply(
            requests.stream().map(Request::tokens).toList(),
            requests.stream().map(this::instruction).toList(),
            StageObserver.NONE);
    List<Request> instructed = new ArrayList<>();
    for (int i = 0; i < read.size(); i++) {
      instructed.add(new Request(read.get(i), requests.get(i).question()));
    }
    return scorer.score(instructed);
  }

  private String instruction(Request request) {
    return prompts.text(new TracePrompt.Templated(request.question().prompt()));
  }
}
