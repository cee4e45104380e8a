package dev.sluice.models.families;

import dev.sluice.models.LoadOptions;
import dev.sluice.models.generation.GenerationEngine;
import dev.sluice.models.generation.KvBlockPool;
import dev.sluice.models.generation.ModelRunner;
import dev.sluice.models.generation.NextTokenScorer;
import dev.sluice.models.generation.PromptEncoder;
import dev.sluice.models.generation.Scheduler;
import dev.sluice.models.language.LanguageModel;
import java.util.Set;

/**
 * What every family with a language model generates and scores with. Owned by the device thread.
 */
record TextParts(ModelRunner runner, GenerationEngine engine, NextTokenScorer scorer) {

  static TextParts of(
      LanguageModel language,
      PromptEncoder prompts,
      Set<Integer> endTokens,
      KvAllocation memory,
      LoadOptions options) {
    ModelRunner runner = new ModelRunner(language, memory.cache());
    Scheduler scheduler =
        new Scheduler(
            new KvBlockPool(memory.blocks(), memory.cache().blockSize()),
            new Scheduler.Limits(options.sequences(), options.positionsPerStep()));
    return new TextParts(
        runner,
        new GenerationEngine(scheduler, runner, prompts, endTokens),
        new NextTokenScorer(runner, prompts, options.positionsPerStep()));
  }
}
