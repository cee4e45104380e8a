package dev.sluice.models.families.parts;

import dev.sluice.models.generation.PromptEncoder;
import dev.sluice.models.generation.PromptLayout;
import dev.sluice.models.value.SlicePlan;
import dev.sluice.models.value.TracePrompt;
import java.util.List;

/** Prompts that can be shown as the reference's token ids. Owned by the device thread. */
public interface TracedPrompts extends PromptEncoder {

  /** The ids that the reference's {@code input_ids} hold, its marks for the picture included. */
  List<Integer> ids(TracePrompt prompt);

  /**
   * Puts the picture's tokens where the reference's ids have its marks.
   *
   * @throws IllegalArgumentException if the marks do not fit the picture, or an id is unknown
   */
  PromptLayout layout(SlicePlan plan, List<Integer> ids);
}
