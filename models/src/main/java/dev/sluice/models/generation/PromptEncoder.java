package dev.sluice.models.generation;

import dev.sluice.models.value.Prompt;
import dev.sluice.models.value.SlicePlan;
import java.util.List;

/** A family's way from words to token ids and back. Owned by the device thread. */
public interface PromptEncoder {

  /** The user's words within the family's template, with room for the picture's visual tokens. */
  PromptLayout layout(SlicePlan plan, Prompt prompt);

  /** Token ids of an answer as it would follow the prompt, without special tokens. */
  List<Integer> answer(String text);

  /** The text of generated ids. */
  String text(List<Integer> ids);

  /**
   * Whether generated ids end the text though no end token is among them, as where the model begins
   * the user's turn. It is asked after each token, of a text that is not searched with beams.
   */
  default boolean isOver(List<Integer> generated) {
    return false;
  }

  /** The text that a result shows: of the generated ids, unless the prompt is a part of it. */
  default String text(PromptLayout prompt, List<Integer> ids) {
    return text(ids);
  }
}
