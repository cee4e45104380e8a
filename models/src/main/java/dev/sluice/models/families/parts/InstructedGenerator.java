package dev.sluice.models.families.parts;

import dev.sluice.models.TextGenerator;
import dev.sluice.models.generation.GenerationEngine;
import dev.sluice.models.generation.PromptLayout;
import dev.sluice.models.value.GeneratedText;
import dev.sluice.models.value.TracePrompt;
import dev.sluice.models.value.VisualTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Generates text from pictures that are read under the prompt's instruction: all that were
 * submitted since the last step are read in one batch. Owned by the device thread.
 */
public final class InstructedGenerator implements TextGenerator {
  private final GenerationEngine engine;
  private final PrefixedPrompts prompts;
  private final InstructedTokens tokens;
  private final List<Submitted> submitted = new ArrayList<>();

  private record Submitted(Request request, Consumer<GeneratedText> onDone) {}

  public InstructedGenerator(
      GenerationEngine engine, PrefixedPrompts prompts, InstructedTokens tokens) {
    this.engine = engine;
    this.prompts = prompts;
    this.tokens = tokens;
  }

  @Override
  public void submit(Request request, Consumer<GeneratedText> onDone) {
    tokens.requireReadable(instruction(request));
    PromptLayout layout = prompts.layout(request.tokens().plan(), request.prompt());
    engine.requireFits(layout, unread(request.tokens(), layout), request.options());
    submitted.add(new Submitted(request, onDone));
  }

  /** As many tokens as the prompt has places for, with nothing in them yet. */
  private static VisualTokens unread(VisualTokens picture, PromptLayout layout) {
    return new VisualTokens(picture.plan(), layout.visualCount(), 0, picture.dtype(), new byte[0]);
  }

  @Override
  public boolean hasWork() {
    return !submitted.isEmpty() || engine.hasWork();
  }

  @Override
  public void step() {
    if (!submitted.isEmpty()) {
      readPictures();
    }
    engine.step();
  }

  private void readPictures() {
    List<VisualTokens> read =
        tokens.apply(
            submitted.stream().map(each -> each.request().tokens()).toList(),
            submitted.stream().map(each -> instruction(each.request())).toList(),
            StageObserver.NONE);
    for (int i = 0; i < read.size(); i++) {
      Request request = submitted.get(i).request();
      engine.submit(
          new Request(read.get(i), request.prompt(), request.options()), submitted.get(i).onDone());
    }
    submitted.clear();
  }

  private String instruction(Request request) {
    return prompts.text(new TracePrompt.Templated(request.prompt()));
  }

  @Override
  public void clear() {
    submitted.clear();
    engine.clear();
  }
}
