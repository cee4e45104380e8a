package dev.sluice.models.generation;

import dev.sluice.models.TextGenerator;
import dev.sluice.models.value.GeneratedText;
import dev.sluice.models.value.GenerationOptions;
import dev.sluice.models.value.TokenRules;
import dev.sluice.models.value.VisualTokens;
import java.util.HashMap;
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
  private final TokenRules rules;
  private final Map<SequenceGroup, Consumer<Sequence>> listeners = new HashMap<>();

  /** An engine in which the model alone decides, where a request has no rules of its own. */
  public GenerationEngine(
      Scheduler scheduler, ModelRunner runner, PromptEncoder prompts, Set<Integer> endTokens) {
    this(scheduler, runner, prompts, endTokens, TokenRules.NONE);
  }

  /**
   * @param rules for requests that have none of their own
   */
  public GenerationEngine(
      Scheduler scheduler,
      ModelRunner runner,
      PromptEncoder prompts,
      Set<Integer> endTokens,
      TokenRules rules) {
    this.scheduler = scheduler;
    this.runner = runner;
    this.prompts = prompts;
    this.endTokens = Set.copyOf(endTokens);
    this.rules = rules;
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
    SequenceGroup group = group(layout, tokens, options);
    scheduler.submit(group);
    listeners.put(group, onDone);
  }

  /**
   * Checks what {@link #submit} checks, and submits nothing.
   *
   * @param tokens of any width
   * @throws IllegalArgumentException if it can never fit, with the numbers
   */
  public void requireFits(PromptLayout layout, VisualTokens tokens, GenerationOptions options) {
    scheduler.requireRoom(group(layout, tokens, options));
  }

  private SequenceGroup group(PromptLayout layout, VisualTokens tokens, GenerationOptions options) {
    int positions = runner.model().maxPositions();
    if (layout.length() + options.maxNewTokens() - 1 > positions) {
      throw new IllegalArgumentException(
          "sequence of %d prompt positions and up to %d new tokens: the model has %d positions;"
                  .formatted(layout.length(), options.maxNewTokens(), positions)
              + " lower max-new-tokens or shorten the prompt");
    }
    GenerationOptions resolved = options.withRules(options.rules().orElse(rules));
    return new SequenceGroup(layout, tokens, resolved, endTokens, prompts::isOver);
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
    for (SequenceGroup group : scheduler.postprocess(batch, runner.run(batch))) {
      Consumer<Sequence> listener = listeners.remove(group);
      if (listener != null) {
        listener.accept(group.first());
      }
    }
  }

  @Override
  public void clear() {
    scheduler.clear();
    listeners.clear();
  }

  /** The result of a finished sequence. */
  public GeneratedText text(Sequence sequence) {
    return new GeneratedText(
        prompts.text(sequence.prompt(), sequence.generated()),
        sequence.finishReason().orElseThrow(),
        sequence.generated(),
        sequence.meanLogprob());
  }
}
