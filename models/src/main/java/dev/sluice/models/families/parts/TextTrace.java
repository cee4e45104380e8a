package dev.sluice.models.families.parts;

import dev.sluice.models.Traceable;
import dev.sluice.models.generation.GenerationEngine;
import dev.sluice.models.generation.ModelRunner;
import dev.sluice.models.generation.PromptLayout;
import dev.sluice.models.generation.Sequence;
import dev.sluice.models.value.GenerationOptions;
import dev.sluice.models.value.SlicedPicture;
import dev.sluice.models.value.TracePrompt;
import dev.sluice.models.value.TraceTensor;
import dev.sluice.models.value.VisualTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs one picture and one prompt through a model that writes text, and shows every stage. Owned by
 * the device thread.
 */
public record TextTrace(
    TracedPicture picture, TracedPrompts prompts, ModelRunner runner, GenerationEngine engine)
    implements Traceable {
  @Override
  public Map<String, TraceTensor> trace(
      SlicedPicture sliced, TracePrompt prompt, int maxNewTokens) {
    TraceRecorder recorder = new TraceRecorder();
    TracePrompt words = inWords(prompt);
    VisualTokens tokens = picture.tokens(sliced, words, recorder);
    List<Integer> ids = prompts.ids(words);
    recorder.ids("input_ids", ids);
    PromptLayout layout = prompts.layout(sliced.plan(), ids);
    GenerationOptions options = GenerationOptions.greedy(maxNewTokens);
    Sequence alone = new Sequence(layout, tokens, options);
    recorder.floats("logits_last", runner.lastLogits(List.of(alone)).get(0));
    recorder.ids("generated_ids", generate(layout, tokens, options));
    return recorder.tensors();
  }

  /** A model that writes is asked a question's prompt; the options do not stand in it. */
  private static TracePrompt inWords(TracePrompt prompt) {
    return prompt instanceof TracePrompt.Labels labels
        ? new TracePrompt.Templated(labels.question().prompt())
        : prompt;
  }

  /** The generated ids, the end token included as the reference's are. */
  private List<Integer> generate(
      PromptLayout layout, VisualTokens tokens, GenerationOptions options) {
    List<Integer> ids = new ArrayList<>();
    engine.submit(
        layout,
        tokens,
        options,
        done -> {
          ids.addAll(done.generated());
          done.endToken().ifPresent(ids::add);
        });
    while (engine.hasWork()) {
      engine.step();
    }
    return ids;
  }
}
