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
}
