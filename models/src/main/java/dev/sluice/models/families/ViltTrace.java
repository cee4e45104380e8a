package dev.sluice.models.families;

import dev.sluice.models.Traceable;
import dev.sluice.models.families.parts.TileEncoder;
import dev.sluice.models.families.parts.TraceRecorder;
import dev.sluice.models.value.SlicedPicture;
import dev.sluice.models.value.TracePrompt;
import dev.sluice.models.value.TraceTensor;
import dev.sluice.models.value.VisualTokens;
import java.util.List;
import java.util.Map;

/** Asks one question about one picture and shows every stage. Owned by the device thread. */
record ViltTrace(TileEncoder encoder, ViltAnswers answers) implements Traceable {

  @Override
  public Map<String, TraceTensor> trace(
      SlicedPicture picture, TracePrompt prompt, int maxNewTokens) {
    TraceRecorder recorder = new TraceRecorder();
    VisualTokens tokens = encoder.encode(List.of(picture), recorder::tile).get(0);
    List<Integer> ids = ids(prompt);
    recorder.ids("input_ids", ids);
    recorder.floats(
        "logits", answers.logits(List.of(new ViltAnswers.Question(ids, tokens))).get(0));
    return recorder.tensors();
  }

  private List<Integer> ids(TracePrompt prompt) {
    if (prompt instanceof TracePrompt.Ids given) {
      return answers.checked(given.ids());
    }
    if (prompt instanceof TracePrompt.Raw raw) {
      return answers.ids(raw.text());
    }
    return prompt instanceof TracePrompt.Labels labels
        ? answers.ids(labels.question().prompt().text())
        : answers.ids(((TracePrompt.Templated) prompt).prompt().text());
  }
}
