package dev.sluice.models;

import dev.sluice.models.value.GeneratedText;
import dev.sluice.models.value.GenerationOptions;
import dev.sluice.models.value.Prompt;
import dev.sluice.models.value.VisualTokens;
import java.util.function.Consumer;

/**
 * Generates text for many sequences at once; sequences join and leave between steps (continuous
 * batching). Owned by the device thread.
 */
public interface TextGenerator {

  /**
   * Queues a sequence; it joins as soon as the key-value pool has room.
   *
   * @param onDone called from within a later {@link #step()}
   * @throws IllegalArgumentException if the sequence can never fit, with the numbers
   */
  void submit(Request request, Consumer<GeneratedText> onDone);

  /** Whether any sequence waits or runs. */
  boolean hasWork();

  /** Schedules, runs and post-processes one step. */
  void step();

  /** Drops all waiting and running sequences; their callbacks are not called. */
  void clear();

  /** One sequence to generate: a picture, a question, and how. */
  record Request(VisualTokens tokens, Prompt prompt, GenerationOptions options) {}
}
