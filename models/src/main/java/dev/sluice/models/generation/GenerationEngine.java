package dev.sluice.models.generation;

import dev.sluice.models.TextGenerator;
import dev.sluice.models.generation.Batch.Chunk;
import dev.sluice.models.value.GeneratedText;
import dev.sluice.models.value.GenerationOptions;
import dev.sluice.models.value.VisualTokens;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Continuous batching: sequences join and leave between steps, and a step mixes prompts with single
 * decoding rows. Owned by the device thread.
 *
 * <p>Yu et al. 2022 (Orca); the shape of vLLM's and nano-vllm's engines: schedule, run,
 * post-process. A step that fails changes nothing and may be run again.
 */
public final class GenerationEngine implements TextGenerator {
  private final Scheduler scheduler;
  private final ModelRunner runner;
  private final PromptEncoder prompts;
  private final Set<Integer> endTokens;
  private final Map<Sequence, Consumer<Sequence>> listeners = new HashMap<>();

  public GenerationEngine(
      Scheduler scheduler, ModelRunner runner, PromptEncoder prompts, Set<Integer> endTokens) {
    this.scheduler = scheduler;
    this.runner = runner;
    this.prompts = prompts;
    this.endTokens = Set.copyOf(endTokens);
  }

  @Override
  public void submit(Request request, Consumer<GeneratedText> onDone) {
    PromptLayout layout = prompts.layout(request.tokens().plan(), request.prompt());
    submit(layout, request.tokens(), request.options(), done -> onDone.accept(text(done)));
  }

  /**
   * Queues a prompt given as ids.
   *
   * @param onDone gets the finished sequence from within a later {@link #step()}
   * @throws IllegalArgumentException if it can never fit, with the numbers
   */
  public void submit(
      PromptLayout layout,
      VisualTokens tokens,
      GenerationOptions options,
      Consumer<Sequence> onDone) {
    Sequence sequence = new Sequence(layout, tokens, options);
    int positions = runner.model().maxPositions();
    if (sequence.worstCaseLength() > positions) {
      throw new IllegalArgumentException(
          "sequence of %d prompt positions and up to %d new tokens: the model has %d positions;"
                  .formatted(layout.length(), options.maxNewTokens(), positions)
              + " lower max-new-tokens or shorten the prompt");
    }
    scheduler.submit(sequence);
    listeners.put(sequence, onDone);
  }

  @Override
  public boolean hasWork() {
    return scheduler.hasWork();
  }

  @Override
  public void step() {
    Batch batch = scheduler.schedule();
    if (batch.isEmpty()) {
      return;
    }
    Map<Sequence, SampledToken> tokens = runner.run(batch);
    complete(batch, tokens);
  }

  @Override
  public void clear() {
    scheduler.clear();
    listeners.clear();
  }

  /** The result of a finished sequence. */
  public GeneratedText text(Sequence sequence) {
    return new GeneratedText(
        prompts.text(sequence.generated()),
        sequence.finishReason().orElseThrow(),
        sequence.generated(),
        sequence.meanLogprob());
  }

  private void complete(Batch batch, Map<Sequence, SampledToken> tokens) {
    List<Sequence> finished = new ArrayList<>();
    for (Chunk chunk : batch.chunks()) {
      Sequence sequence = chunk.sequence();
      sequence.advance(chunk.length());
      SampledToken token = tokens.get(sequence);
      if (token != null) {
        sequence.append(token, endTokens.contains(token.id()));
      }
      if (sequence.finishReason().isPresent()) {
        scheduler.finish(sequence);
        finished.add(sequence);
      }
    }
    for (Sequence sequence : finished) {
      Consumer<Sequence> listener = listeners.remove(sequence);
      if (listener != null) {
        listener.accept(sequence);
      }
    }
  }
}
