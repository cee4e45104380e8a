package dev.sluice.models.families;

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

/** Runs one picture and one prompt and shows every stage. Owned by the device thread. */
final class UhdTrace implements Traceable {
  private final TileEncoder encoder;
  private final LlavaUhdPrompts prompts;
  private final ModelRunner runner;
  private final GenerationEngine engine;

  UhdTrace(
      TileEncoder encoder, LlavaUhdPrompts prompts, ModelRunner runner, GenerationEngine engine) {
    this.encoder = encoder;
    this.prompts = prompts;
    this.runner = runner;
    this.engine = engine;
  }

  LlavaUhdPrompts prompts() {
    return prompts;
  }

  ModelRunner runner() {
    return runner;
  }

  GenerationEngine engine() {
    return engine;
  }

  @Override
  public Map<String, TraceTensor> trace(
      SlicedPicture picture, TracePrompt prompt, int maxNewTokens) {
    TraceRecorder recorder = new TraceRecorder();
    VisualTokens tokens =
        encoder
            .encode(
                List.of(picture),
                (tile, pixels, features, rows) -> {
                  recorder.tile("pixel_values", tile, pixels);
                  recorder.tile("vision_last_hidden", tile, features);
                  recorder.tile("projector", tile, rows);
                })
            .get(0);
    List<Integer> ids = prompts.ids(prompt);
    recorder.ids("input_ids", ids);
    PromptLayout layout = prompts.layout(picture.plan(), ids);
    GenerationOptions options = GenerationOptions.greedy(maxNewTokens);
    Sequence alone = new Sequence(layout, tokens, options);
    recorder.floats("logits_last", runner.lastLogits(List.of(alone)).get(0));
    recorder.ids("generated_ids", generate(layout, tokens, options));
    return recorder.tensors();
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
